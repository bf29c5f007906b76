using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm;

/// <summary>
/// A trained forecaster, complete in itself: it normalises what it is given, runs the network, or the several of an ensemble, and gives forecasts and intervals in the series' own unit.
/// Immutable and thread-safe. Needs neither ML.NET nor anything native.
/// </summary>
public sealed partial class ForecastModel
{
    private readonly Lazy<SeriesEncoder> _encoder;

    internal ForecastModel(
        IReadOnlyList<NetworkScorer> members, LossSpec loss, ForecastSettings settings, ForecastInput input, IntervalCalibration? calibration,
        TrainingHistory history, NetworkDiagnosis diagnosis, ResidualPaths? residuals = null, LocalForecasts? locals = null)
    {
        (Residuals, Locals) = (residuals, locals);
        (Members, Loss, Settings, Input, Calibration, History, Diagnosis) = (members, loss, settings, input, calibration, history, diagnosis);
        _fingerprint = new Lazy<string>(() => ForecastFingerprint.Of(this));
        _encoder = new Lazy<SeriesEncoder>(() => new SeriesEncoder(Settings));
        OutputSize = members[0].Spec.OutputSize;
        QuantileCount = members[0].Spec.Forecast!.QuantileCount;
    }

    /// <summary>Steps that are forecast.</summary>
    public int Horizon => Settings.Horizon;

    /// <summary>Rows of the past that a forecast reads at most.</summary>
    public int WindowLength => Settings.WindowLength;

    /// <summary>The season's length in rows that was found in training; 1 if there is none.</summary>
    public int SeasonLength => Settings.SeasonLength;

    /// <summary>Names of the series that were trained on.</summary>
    public IReadOnlyList<string> SeriesNames => Settings.SeriesNames;

    /// <summary>Names of the series of which one column or more is learned as logarithms, since its swing grows with its level; the others are learned as they are.</summary>
    public IReadOnlyList<string> LogarithmicSeriesNames =>
        [.. SeriesNames.Where((_, series) => Enumerable.Range(series * Settings.TargetCount, Settings.TargetCount).Any(channel => Settings.UnitOf(channel).IsLogarithmic))];

    /// <summary>Names of the columns that are forecast.</summary>
    public IReadOnlyList<string> TargetColumnNames => Input.Targets;

    /// <summary>Name of the column that tells series apart; null: all rows are one series.</summary>
    public string? GroupColumnName => Input.Group;

    /// <summary>Name of the column that says when a row is from; null: rows are the steps.</summary>
    public string? TimeColumnName => Input.Time;

    /// <summary>The architecture of its networks.</summary>
    public NetworkSpec Spec => Members[0].Spec;

    /// <summary>Networks whose forecasts are averaged.</summary>
    public int MemberCount => Members.Count;

    /// <summary>
    /// The networks' share in the forecast of a series that was trained on, of which a linear forecast learned from that series alone has the
    /// rest; 1: there is none.
    /// </summary>
    public float NetworkShare => Locals?.NetworkShare ?? 1;

    /// <summary>What was minimised.</summary>
    public LossSpec Loss { get; }

    /// <summary>The level of its intervals; null if it gives none.</summary>
    public double? ConfidenceLevel => Calibration?.Level;

    /// <summary>How the training went, epoch by epoch; of an ensemble, that of its first member.</summary>
    public TrainingHistory History { get; }

    /// <summary>What was found while training, the comparison with naive forecasts among it.</summary>
    public NetworkDiagnosis Diagnosis { get; }

    internal IReadOnlyList<NetworkScorer> Members { get; }

    /// <summary>Scratch that is not in use: a forecast of one row does not make it anew.</summary>
    internal ScratchStack<EnsembleScorer> Scorers { get; } = new();

    internal ForecastSettings Settings { get; }

    /// <summary>Lays series out for its networks.</summary>
    internal SeriesEncoder Encoder => _encoder.Value;

    internal ForecastInput Input { get; }

    internal IntervalCalibration? Calibration { get; }

    /// <summary>What channels are forecast by besides the networks; null: nothing.</summary>
    internal LocalForecasts? Locals { get; }

    internal int OutputSize { get; }

    internal int QuantileCount { get; }

    /// <summary>A network's outputs, [H, Q], as a forecast.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="level">What the window was taken relative to.</param>
    /// <param name="confidenceLevel">The level of the interval; null: that of the training.</param>
    internal SeriesForecast ToForecast(ReadOnlySpan<float> outputs, WindowLevel level, double? confidenceLevel = null)
    {
        int horizon = Horizon, quantiles = QuantileCount;
        var forecast = new SeriesForecast(new float[horizon], Calibration is null ? [] : new float[horizon], Calibration is null ? [] : new float[horizon]) { Level = level };
        for (int h = 0; h < horizon; h++)
        {
            ReadOnlySpan<float> step = outputs.Slice(h * quantiles, quantiles);
            forecast.Values[h] = level.Undo(step[quantiles / 2]);
            if (Calibration is null)
                continue;
            (float lower, float upper) = Calibration.Apply(h, step[0], step[^1], confidenceLevel);
            (forecast.Lower[h], forecast.Upper[h]) = (level.Undo(Math.Min(lower, step[quantiles / 2])), level.Undo(Math.Max(upper, step[quantiles / 2])));
        }
        return forecast;
    }
}
