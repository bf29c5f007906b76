using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;
using Microsoft.ML.Lstm.Windowing;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Forecasts one or many series by one recurrent network: an encoder over segments of the past, a decoder for all segments of the horizon at once, and beside it a linear forecast from the
/// window. Past, future and static covariates, calendar features, gaps, unequal lengths, calibrated intervals.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> A row is a step of a series, in the order of time; the series is <c>Single</c>. Each row gets <c>Vector&lt;Single, H&gt;</c>, the forecast of the next
/// H rows of its series, so the last row of a series has its future; with several target columns <c>Vector&lt;Single, targets, H&gt;</c>. NaN where there is no past yet, or where future
/// covariates end before the horizon does. Rows after the last known value of a series only say what is known of the future.</para>
/// <para>Architecture: SegRNN (Lin et al. 2023) with a linear skip as LSTNet's (Lai et al. 2018); intervals by conformalized quantile regression (Romano et al. 2019).</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Forecasting</description></item>
/// <item><term>Is normalization required?</term><description>No: each window is taken relative to its last value, in units of its series</description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, into memory</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.Lstm</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed partial class LstmForecaster : IEstimator<LstmForecastingTransformer>
{
    private readonly IHost _host;
    private readonly ForecastColumnNames _names;
    private readonly ForecastPlan _plan;
    private readonly NetworkSettings _settings;
    private readonly TimeStep? _step;

    internal LstmForecaster(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = environment.Register(nameof(LstmForecaster));
        _names = options.Names();
        LossSpec loss = options.LossFor();
        _settings = new NetworkSettings(_host, options, loss);
        _plan = options.Plan(_settings, loss);
        _step = options.TimeStep;
    }

    /// <summary>Trains on all series of a view but the last fraction of each, which validates and calibrates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">Times are out of order, twice the same or between the steps; no series is long enough; values are missing and that is refused. Names series, row and column.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public LstmForecastingTransformer Fit(IDataView input) => Fit(input, null, CancellationToken.None);

    /// <summary>
    /// Continues the training of a forecaster on other rows, such as those that have come since. Weights, units of the series, season, segments, calendar and covariates' scaling are kept;
    /// intervals are calibrated anew. A series that it does not know is trained as the series not seen. Where training does not better the forecaster on the windows held out, its weights are kept.
    /// </summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="initialModel">The forecaster, as this kind of trainer made it.</param>
    /// <exception cref="ArgumentException">The options or the columns are not the forecaster's; names the option, its value and the forecaster's.</exception>
    /// <example>
    /// <code>
    /// var forecaster = ml.Forecasting.ForecastByLstm("Forecast", "Value", windowSize: 48, horizon: 12);
    /// var first = forecaster.Fit(trainData);
    /// var updated = forecaster.Fit(testData, first);
    /// </code>
    /// </example>
    public LstmForecastingTransformer Fit(IDataView trainData, LstmForecastingTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Fit(trainData, initialModel, CancellationToken.None);
    }

    internal ForecastColumnNames Names => _names;

    internal ForecastPlan Plan => _plan;

    internal TimeStep? Step => _step;

    internal DistributionSettings Distribution => _settings.Distribution;

    /// <summary>Trains, or continues the training of a forecaster.</summary>
    /// <param name="input">What to train on.</param>
    /// <param name="initialModel">The forecaster; null: that of the options, if any.</param>
    /// <param name="cancellationToken">Cancels the training, as the options' own does.</param>
    /// <param name="threads">Threads to train with; null: as the options say.</param>
    /// <param name="isAlone">Whether this process trains by itself, though others were started with it.</param>
    internal LstmForecastingTransformer Fit(IDataView input, LstmForecastingTransformer? initialModel, CancellationToken cancellationToken, int? threads = null, bool isAlone = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        DistributionSettings processes = isAlone ? DistributionSettings.Alone : _settings.Distribution;
        ForecastModel? initial = _settings.InitialOf(initialModel)?.Model;
        ForecastInput? columns = null;
        new Lockstep(processes.Group).Together(() => columns = _names.Find(_host, input.Schema));
        using IChannel channel = _host.Start("Training");
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(_settings.CancellationToken, cancellationToken);
        using var cancellation = new HostCancellation(_host, linked.Token);
        (TrainingSeries series, TimeStep? step) = Load(input, columns!, initial, processes, cancellation.Token);
        new GapReport(_host, channel, columns!, _plan.MissingValues).Tell(series);
        NetworkSettings settings = _settings;
        DataParallel? distribution = processes.Begin(channel, ref settings);
        ForecastPlan plan = threads is null ? _plan : _plan with { Engine = _plan.Engine with { Threads = threads } };
        plan = distribution is null ? plan : plan with
        {
            Distribution = distribution,
            Engine = plan.Engine with { Seed = settings.Engine.Seed },
            Training = plan.Training with { Seed = settings.Training.Seed },
        };
        var training = new ForecastTraining(plan, columns!, series, step, initial);
        (int windows, int held) = training.WindowCounts;
        ForecastSettings measured = training.Settings;
        channel.Info(MessageSensitivity.None, Invariant(
            $"{Plural.Of(series.Count, "series", "series")}{(step is null ? "" : Invariant($", {step} a row"))}, season {measured.SeasonLength}, segments of {measured.SegmentLength}, calendar {measured.Calendar}: {Plural.Of(windows, "window")} to train on, {held} held out."));
        if (training.LeavesOutLocals)
            channel.Info(MessageSensitivity.None, "Series have no linear forecasts of their own: LocalForecasts would take more than 16 million weights.");
        if (!training.HasValidation && _plan.ConfidenceLevel is not null)
            channel.Warning(MessageSensitivity.None, "Intervals are not given: no series is long enough to hold out windows to calibrate them on, or ValidationFraction is 0.");
        using var report = new TrainingReport(_host, channel);
        bool isFirst = distribution is null or { Group.Rank: 0 };
        var callbacks = new TrainingCallbacks
        {
            BatchDone = (isFirst ? _settings.BatchDone : null) + (_ => cancellation.Look()),
            EpochDone = (isFirst ? _settings.EpochDone : null) + (_ => cancellation.Look()),
        };
        ForecastModel model = training.Run(isFirst ? [report, new TrainingMeter(nameof(LstmForecaster)), callbacks] : [callbacks], cancellation.Token);
        foreach (Finding finding in isFirst ? model.Diagnosis.Findings : [])
            report.Found(finding);
        return new LstmForecastingTransformer(_host, model, _names.Outputs);
    }

    /// <summary>Reads the series of a view, or those that this process is to hold of several, and what all processes know of the others'.</summary>
    /// <param name="data">The view.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="initial">The forecaster that says the time step; null: the options or the data do.</param>
    /// <param name="distribution">Which processes there are.</param>
    /// <param name="cancellationToken">Looked at before every row.</param>
    internal (TrainingSeries Series, TimeStep? Step) Load(
        IDataView data, ForecastInput columns, ForecastModel? initial, DistributionSettings distribution, CancellationToken cancellationToken)
    {
        TimeStep? step = StepOf(initial);
        if (distribution.Group is { } group)
            Handshake.Require(group, ForecastHandshake.Of(_plan, columns, distribution.Data, KeyValuesHash.Of(_host, data.Schema, columns.All), step,
                initial?.Fingerprint), ForecastJson.Default.ForecastHandshake);
        return new SeriesLoading(_host, distribution, columns, step).Load(data, cancellationToken);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _names.Check(_host, inputSchema);
        return inputSchema.With([.. _names.Outputs.All.Select(name => SchemaShapes.Column(name, VectorKind.Vector, NumberDataViewType.Single))]);
    }

    private TimeStep? StepOf(ForecastModel? initial)
    {
        if (initial is null)
            return _step;
        if (_step is not null)
            InitialModel.Same(nameof(Options.TimeStep), _step, initial.Settings.Step);
        return initial.Settings.Step;
    }
}
