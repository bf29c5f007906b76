using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Anomalies;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmAnomalyDetectionTransformer), null, typeof(SignatureLoadModel),
    "LSTM anomaly detection", LstmAnomalyDetectionTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>An anomaly detector trained by <see cref="LstmAnomalyDetector"/>: adds to each row how unlikely it was. Lazy and thread-safe.</summary>
public sealed class LstmAnomalyDetectionTransformer : ITransformer
{
    internal const string LoaderSignature = "LstmAnomaly";
    private static readonly ModelEntry s_entry = new("LSTM ANO", LoaderSignature, ForecastFile.EntryName);
    private readonly IHost _host;

    internal LstmAnomalyDetectionTransformer(IHostEnvironment environment, ForecastModel model, AnomalySettings settings, IReadOnlyList<ForecastSession>? sessions = null)
    {
        _host = environment.Register(nameof(LstmAnomalyDetectionTransformer));
        (Model, Settings, Sessions) = (model, settings, sessions ?? []);
    }

    /// <summary>The forecaster that says what is expected.</summary>
    public ForecastModel Model { get; }

    /// <summary>Share of ordinary rows that raise no alert.</summary>
    public double ConfidenceLevel => Settings.ConfidenceLevel;

    /// <summary>What was found while training the forecaster.</summary>
    public NetworkDiagnosis Diagnosis => Model.Diagnosis;

    bool ITransformer.IsRowToRowMapper => false;

    internal AnomalySettings Settings { get; }

    /// <summary>The series that a <see cref="SequenceEngine{TIn, TOut}"/> had seen when it was saved; whoever takes one takes a fork of it.</summary>
    internal IReadOnlyList<ForecastSession> Sessions { get; }

    internal IExceptionContext Context => _host;

    /// <summary>
    /// The same detector with its networks' matrices of weights stored in another precision, as <see cref="LstmForecastingTransformer.WithPrecision"/> has it. What counts as
    /// unlikely stays as it was found with the weights that were trained.
    /// </summary>
    /// <inheritdoc cref="LstmForecastingTransformer.WithPrecision" path="/*[not(self::summary or self::example)]"/>
    public LstmAnomalyDetectionTransformer WithPrecision(WeightPrecision precision)
    {
        ForecastModel model = Model.WithPrecision(precision);
        return new LstmAnomalyDetectionTransformer(_host, model, Settings, [.. Sessions.Select(session => session.Fork(model))]);
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
        return new ComputedDataView<double[]>(input, GetOutputSchema(input.Schema), () => AnomalyRows.Read(_host, Model, Settings, input));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => throw _host.Process(new InvalidOperationException(
        "An anomaly is one beside the rows before it, so a single row has no score; expected Transform over the rows of the series, or model.CreateSequenceEngine<TIn, TOut>(mlContext) for rows that arrive one by one."));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        s_entry.Save(ctx, stream => ForecastFile.Write(Model, stream, JsonSerializer.Serialize(Settings)));
        if (Sessions.Count > 0)
            ModelEntry.SaveBeside(ctx, ForecastStateFile.EntryName, stream => ForecastStateFile.Write(Model, Sessions, stream));
    }

    /// <summary>The transformer with other series.</summary>
    internal LstmAnomalyDetectionTransformer With(IReadOnlyList<ForecastSession> sessions) => new(_host, Model, Settings, sessions);

    /// <summary>The column that is added.</summary>
    internal IReadOnlyList<DataViewSchema.DetachedColumn> Columns() =>
        [new DataViewSchema.DetachedColumn(Settings.Output, new VectorDataViewType(NumberDataViewType.Double, AnomalySettings.Size), SlotNames.Of(AnomalySettings.Names))];

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        LstmAnomalyDetectionTransformer loaded = s_entry.Load(env, ctx, stream => Read(env, stream));
        return s_entry.LoadBeside(env, ctx, ForecastStateFile.EntryName, stream => ForecastStateFile.Read(loaded.Model, stream)) is { } sessions ? loaded.With(sessions) : loaded;
    }

    private static LstmAnomalyDetectionTransformer Read(IHostEnvironment env, Stream stream)
    {
        ForecastModel model = ForecastFile.Read(stream, out string? text);
        AnomalySettings? settings = text is null ? null : JsonSerializer.Deserialize<AnomalySettings>(text);
        bool fits = settings is { Output.Length: > 0, ConfidenceLevel: > 0 and < 1, Residuals: not null, LeastRows: > 0 } && settings.Residuals.IsValid && model is { Horizon: 1, Settings.TargetCount: 1 };
        return fits ? new LstmAnomalyDetectionTransformer(env, model, settings!) : throw new InvalidDataException(
            "The anomaly detector does not say which column it adds or what its residuals were, or its forecaster has another horizon than 1.");
    }
}
