using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Learns a linear forecast from each channel alone (<see cref="RidgeForecaster"/>), and the share that the network keeps beside them: the best of
/// tenths on the windows held out.
/// </summary>
/// <param name="settings">The geometry, and the seasons that may be.</param>
internal sealed class LocalTraining(ForecastSettings settings)
{
    /// <summary>Weights of all channels at most, 64 MB: of more nothing is learned.</summary>
    public const long MostWeights = 1 << 24;

    // Learned at the same time; of no more the values are held at once.
    private const int ChannelsAtOnce = 64;
    private const int Shares = 10;

    // Of fewer windows the latest change what is best, and choosing costs little.
    private const int FewWindows = 200;
    private RidgeForecaster?[] _learned = [];
    private readonly IReadOnlyList<int> _seasons = settings.Seasons(), _cycles = settings.Step?.Cycles() ?? [];

    /// <summary>Whether forecasts of so many rows of each channel are small enough to be kept.</summary>
    public bool Fits(IEnumerable<int> rows) => rows.Sum(count => (long)Math.Max(0, MostOf(count)) + 1) * settings.Horizon <= MostWeights;

    /// <summary>Learns them.</summary>
    /// <param name="rows">Rows of each channel to learn from.</param>
    /// <param name="read">Gives a channel's first so many values and its unit; asked for one after the other.</param>
    public LocalForecasts Learn(IReadOnlyList<int> rows, Func<int, int, (ReadOnlyMemory<float> Values, double Scale)> read)
    {
        _learned = new RidgeForecaster?[rows.Count];
        return LearnAgain(rows, read);
    }

    /// <summary>Learns them from other rows; what was chosen for a channel of many windows stays.</summary>
    /// <inheritdoc cref="Learn(IReadOnlyList{int}, Func{int, int, ValueTuple{ReadOnlyMemory{float}, double}})" path="/param"/>
    public LocalForecasts LearnAgain(IReadOnlyList<int> rows, Func<int, int, (ReadOnlyMemory<float> Values, double Scale)> read)
    {
        var learned = new RidgeForecaster?[rows.Count];
        for (int first = 0; first < learned.Length; first += ChannelsAtOnce)
        {
            int start = first;
            (ReadOnlyMemory<float> Values, double Scale)[] some =
                [.. Enumerable.Range(first, Math.Min(ChannelsAtOnce, learned.Length - first)).Select(channel => read(channel, rows[channel]))];
            Parallel.For(0, some.Length, i => learned[start + i] = Learn(_learned[start + i], some[i].Values, some[i].Scale));
        }
        _learned = learned;
        return new LocalForecasts([.. learned.Select(ToForecast)], networkShare: 0);
    }

    // Of few windows a regression that reads more than the longest season, and the shortest once more, learns little but noise.
    private int LengthOf(int rows, int[] seasons)
    {
        int most = MostOf(rows), longest = seasons.Where(season => season < most).DefaultIfEmpty(0).Max();
        return longest == 0 || rows - most - settings.Horizon >= RidgeForecaster.ManyWindows ? most : Math.Min(most, longest + seasons.Min());
    }

    private int MostOf(int rows) => RidgeForecaster.LengthOf(rows, settings.WindowLength, settings.Horizon);

    private RidgeForecaster? Learn(RidgeForecaster? before, ReadOnlyMemory<float> values, double scale)
    {
        if (before is not null && values.Length - before.Length - before.Horizon >= FewWindows)
            return before.Refit(values, scale);
        // Most of the series may have another season, or none.
        int[] seasons = [.. _seasons.Append(Season.Find(values.Span, Season.Longest, _cycles)).Where(season => season > 1).Distinct()];
        int length = LengthOf(values.Length, seasons);
        return length < 1 ? null : RidgeForecaster.Fit([values], [scale], length, settings.Horizon, seasons);
    }

    // A window's own standard deviation is the regression's unit no longer.
    private LinearForecast? ToForecast(RidgeForecaster? own) => own is null || !own.IsFinite ? null
        : new LinearForecast(own.Weights.ToArray(), settings.ScalesByWindow ? new float[settings.Horizon] : own.Intercepts.ToArray());

    /// <summary>The share of the network that is best on the windows held out; 1: that of the network alone.</summary>
    /// <param name="network">Its scores of the windows.</param>
    /// <param name="local">Those of the local forecasts alone, in the same order.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="quantiles">Q.</param>
    public static float BestShare(IEnumerable<WindowScores> network, IEnumerable<WindowScores> local, LossKind loss, int quantiles)
    {
        double[] errors = new double[Shares + 1];
        foreach ((WindowScores global, WindowScores own) in network.Zip(local))
            for (int h = 0; h < global.Targets.Length; h++)
            {
                if (global.Target(h) is not (var actual and (> float.NegativeInfinity and < float.PositiveInfinity)))
                    continue;
                double y = global.Output(h, quantiles)[quantiles / 2], l = own.Output(h, quantiles)[quantiles / 2];
                for (int tenths = 0; tenths <= Shares; tenths++)
                {
                    double error = Math.Abs(l + ((double)tenths / Shares * (y - l)) - actual);
                    errors[tenths] += loss == LossKind.MeanSquaredError ? error * error : error;
                }
            }
        // Of equals that of most of the network.
        return (float)Enumerable.Range(0, errors.Length).Reverse().MinBy(tenths => errors[tenths]) / Shares;
    }
}
