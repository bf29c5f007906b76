using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Anomalies;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Finds rows that a forecast from the rows before them did not allow for: a forecaster is trained, how far it is off is measured on the rows that were held out of its training, and a row is
/// scored by how unlikely its distance from the forecast is in that distribution.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> As of <see cref="LstmForecaster"/>, with one target; a row's own covariates of the future are those that its forecast is told. The output is
/// <c>Vector&lt;Double, 6&gt;</c>, whose slots are named: <c>Alert</c> (1 where the p-value is below 1 − <see cref="Options.ConfidenceLevel"/>, else 0), <c>Score</c> (the distance from the forecast in
/// standard deviations of such distances; negative below it), <c>P-Value</c> (two-sided), <c>Expected</c> (the forecast), <c>Lower</c> and <c>Upper</c> (the bounds beyond which a row raises an alert).
/// A row that is missing, or has fewer rows before it than the windows had that the distances were measured on (a whole window, unless the series are short), raises none and is NaN but for
/// what is expected.</para>
/// <para><b>P-values.</b> Order statistics of the held-out residuals, and beyond their outer tenths generalized Pareto tails fitted by moments, since a thousand rows cannot show what comes once in
/// ten thousand (Siffer et al., "Anomaly Detection in Streams with Extreme Value Theory", 2017). They hold while the series goes on as it was: what is out of the ordinary stays in the window,
/// and can raise alerts again as long as it is there; a lasting change of spread until the detector is trained anew.</para>
/// </remarks>
public sealed partial class LstmAnomalyDetector : IEstimator<LstmAnomalyDetectionTransformer>
{
    private readonly IHost _host;
    private readonly Options _options;
    private readonly LstmForecaster _forecaster;
    private readonly double _validationFraction;

    internal LstmAnomalyDetector(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = environment.Register(nameof(LstmAnomalyDetector));
        _options = options;
        Require(!string.IsNullOrEmpty(options.OutputColumnName), nameof(options.OutputColumnName), options.OutputColumnName, "the name of a column");
        Require(options.ConfidenceLevel is > 0 and < 1, nameof(options.ConfidenceLevel), options.ConfidenceLevel, "more than 0 and less than 1");
        Require(options.Forecaster is not null, nameof(options.Forecaster), null, "the options of a forecaster");
        LstmForecaster.Options forecaster = options.Forecaster!;
        Require(forecaster.InputColumnNames is { Count: 1 }, nameof(forecaster.InputColumnNames), forecaster.InputColumnNames?.Count, "one column");
        Require(forecaster.Horizon == 1, nameof(forecaster.Horizon), forecaster.Horizon, "1: a row is scored by the forecast from the row before it");
        // What is ordinary is measured on rows that were not learned.
        Require(forecaster.RefitOnAllRows != true, nameof(forecaster.RefitOnAllRows), true, "false or null: the rows held out tell what is ordinary");
        forecaster = (LstmForecaster.Options)forecaster.Copy();
        forecaster.RefitOnAllRows = false;
        _validationFraction = forecaster.ValidationFraction;
        _forecaster = new LstmForecaster(_host, forecaster);
    }

    /// <summary>Trains the forecaster on all series of a view but the last fraction of each, and measures there how far it is off.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">As of the forecaster's.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public LstmAnomalyDetectionTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ForecastModel model = _forecaster.Fit(input).Model;
        using IChannel channel = _host.Start("Calibration");
        (TrainingSeries series, _) = _forecaster.Load(input, model.Input, model, _forecaster.Distribution, CancellationToken.None);
        IReadOnlyList<float> residuals = ForecastResiduals.Measure(model, series, _validationFraction, out bool areHeldOut, out int leastRows);
        if (residuals.Count == 0)
            throw _host.Process(new InvalidOperationException(Invariant($"Column '{model.Input.Targets[0]}' has no known value that follows another; expected some to learn what is ordinary from.")));
        if (!areHeldOut)
            channel.Warning(MessageSensitivity.None, "No rows were held out of training: the residuals are those of rows that were learned, smaller than those of new ones, so that more alerts are raised than the confidence level says.");
        var distribution = ResidualDistribution.Of(residuals);
        if (distribution.Upper is null)
            channel.Warning(MessageSensitivity.None, Invariant(
                $"{Plural.Of(residuals.Count, "residual was", "residuals were")} measured; expected 50 or more to tell how unlikely one is that lies beyond all of them: such have a p-value of {distribution.PValue(double.MaxValue):G3}."));
        return new LstmAnomalyDetectionTransformer(_host, model, new AnomalySettings(_options.OutputColumnName, _options.ConfidenceLevel, distribution, leastRows));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _ = _forecaster.GetOutputSchema(inputSchema);
        return inputSchema.With([SchemaShapes.Column(_options.OutputColumnName, VectorKind.Vector, NumberDataViewType.Double, annotations: new SchemaShape([SlotNames.Shape]))]);
    }
}
