using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmForecastingTransformer), null, typeof(SignatureLoadModel),
    "LSTM forecasting", LstmForecastingTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>A forecaster trained by <see cref="LstmForecaster"/>: adds to each row the forecast of the rows that follow it in its series. Lazy and thread-safe.</summary>
public sealed class LstmForecastingTransformer : ITransformer
{
    internal const string LoaderSignature = "LstmForecasting";
    private static readonly ModelEntry s_entry = new("LSTM FOR", LoaderSignature, ForecastFile.EntryName);
    private readonly IHost _host;

    internal LstmForecastingTransformer(IHostEnvironment environment, ForecastModel model, ForecastOutputs outputs, IReadOnlyList<ForecastSession>? sessions = null)
    {
        _host = environment.Register(nameof(LstmForecastingTransformer));
        (Model, Outputs, Sessions) = (model, outputs, sessions ?? []);
    }

    /// <summary>The model itself, which forecasts without ML.NET too.</summary>
    public ForecastModel Model { get; }

    /// <summary>How the training went, epoch by epoch.</summary>
    public TrainingHistory History => Model.History;

    /// <summary>What was found while training: whether the forecasts lose to one that needs no learning. The same was told as warnings.</summary>
    public NetworkDiagnosis Diagnosis => Model.Diagnosis;

    /// <summary>Rows that <see cref="Transform"/> forecasts.</summary>
    public int Horizon => Outputs.Horizon ?? Model.Horizon;

    bool ITransformer.IsRowToRowMapper => false;

    internal ForecastOutputs Outputs { get; }

    /// <summary>The series that a <see cref="SequenceEngine{TIn, TOut}"/> had seen when it was saved, those heard of least recently first; whoever takes one takes a fork of it.</summary>
    internal IReadOnlyList<ForecastSession> Sessions { get; }

    internal IExceptionContext Context => _host;

    /// <summary>
    /// The same forecaster with another horizon: a shorter one is cut; a longer one, where <see cref="LstmForecaster.Options.VariableHorizon"/> was set, feeds the medians back as if they had come,
    /// a trained horizon at a time.
    /// </summary>
    /// <param name="horizon">Rows to forecast.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1, or longer than was trained for, and forecasts are not fed back or cannot be.</exception>
    /// <example>
    /// <code>
    /// var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 48, Horizon = 12, VariableHorizon = true };
    /// var twoYears = ml.Forecasting.ForecastByLstm(options).Fit(trainData).WithHorizon(24);
    /// </code>
    /// </example>
    public LstmForecastingTransformer WithHorizon(int horizon)
    {
        Model.RequireHorizon(horizon);
        return new LstmForecastingTransformer(_host, Model, Outputs with { Horizon = horizon }, Sessions);
    }

    /// <summary>
    /// The same forecaster with its networks' matrices of weights stored in another precision; what that gives and costs is said at
    /// <see cref="RecurrentModel.WithPrecision(WeightPrecision)"/>. Intervals keep their calibration, and the series that an engine had seen stay. The .zip has the
    /// rounded weights and the precision, which <c>Model.Load</c> gives back.
    /// </summary>
    /// <param name="precision">How they are stored.</param>
    /// <returns>The new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    /// <example>
    /// <code>
    /// var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 48, Horizon = 12 };
    /// var small = ml.Forecasting.ForecastByLstm(options).Fit(trainData).WithPrecision(WeightPrecision.BFloat16);
    /// ml.Model.Save(small, trainData.Schema, "model.zip");
    /// </code>
    /// </example>
    public LstmForecastingTransformer WithPrecision(WeightPrecision precision)
    {
        ForecastModel model = Model.WithPrecision(precision);
        return new LstmForecastingTransformer(_host, model, Outputs, [.. Sessions.Select(session => session.Fork(model))]);
    }

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _ = new SeriesReader(_host, Model.Input, inputSchema, Model.Settings.Step);
        return ExtensionMapper.Extend(inputSchema, Columns());
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var forecasts = new ComputedDataView<SeriesForecast[]>(input, GetOutputSchema(input.Schema), () => ForecastRows.Read(_host, this, input));
        return new ConvertibleDataView(nameof(LstmForecastingTransformer), input, forecasts, RefuseConversion);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => throw _host.Process(new InvalidOperationException(
        "A forecast needs the rows before its own, so a single row has none; expected Transform over the rows of the series, model.CreateSequenceEngine<TIn, TOut>(mlContext) for rows that arrive one by one, or Model.Forecast(history)."));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        s_entry.Save(ctx, stream => ForecastFile.Write(Model, stream, JsonSerializer.Serialize(Outputs)));
        if (Sessions.Count > 0)
            ModelEntry.SaveBeside(ctx, ForecastStateFile.EntryName, stream => ForecastStateFile.Write(Model, Sessions, stream));
    }

    /// <summary>The transformer with other series.</summary>
    internal LstmForecastingTransformer With(IReadOnlyList<ForecastSession> sessions) => new(_host, Model, Outputs, sessions);

    /// <summary>The columns that are added.</summary>
    internal IReadOnlyList<DataViewSchema.DetachedColumn> Columns() => [.. Outputs.All.Select(name => new DataViewSchema.DetachedColumn(
        name, Model.Settings.TargetCount == 1
            ? new VectorDataViewType(NumberDataViewType.Single, Horizon)
            : new VectorDataViewType(NumberDataViewType.Single, Model.Settings.TargetCount, Horizon), SlotNames.Of(StepNames())))];

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        LstmForecastingTransformer loaded = s_entry.Load(env, ctx, stream => Read(env, stream));
        return s_entry.LoadBeside(env, ctx, ForecastStateFile.EntryName, stream => ForecastStateFile.Read(loaded.Model, stream)) is { } sessions ? loaded.With(sessions) : loaded;
    }

    private static LstmForecastingTransformer Read(IHostEnvironment env, Stream stream)
    {
        ForecastModel model = ForecastFile.Read(stream, out string? outputs);
        ForecastOutputs? columns = outputs is null ? null : JsonSerializer.Deserialize<ForecastOutputs>(outputs, SavedJson.Options);
        bool fits = columns is { Forecast.Length: > 0 } && (columns.LowerBound is null) == (columns.UpperBound is null) && (columns.LowerBound is null || model.Calibration is not null)
            && (columns.Horizon is null || (columns.Horizon >= 1 && (columns.Horizon <= model.Horizon || model.IsVariableHorizon)));
        return fits ? new LstmForecastingTransformer(env, model, columns!) : throw new InvalidDataException("The forecaster does not say which columns it adds, or says bounds that it does not give.");
    }

    private static void RefuseConversion(OnnxConversion conversion) => throw conversion.Refusal(
        "a forecast needs the rows before its own, and a graph makes each row of one; expected it outside of the pipeline, where its graph reads whole windows");

    private IEnumerable<string> StepNames() => Model.Input.Targets.SelectMany(target => Enumerable.Range(1, Horizon).Select(step => FormattableString.Invariant($"{target}+{step}")));
}
