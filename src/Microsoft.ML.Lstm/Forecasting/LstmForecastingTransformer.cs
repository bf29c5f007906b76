using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
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

    internal LstmForecastingTransformer(IHostEnvironment environment, ForecastModel model, ForecastOutputs outputs)
    {
        _host = environment.Register(nameof(LstmForecastingTransformer));
        (Model, Outputs) = (model, outputs);
    }

    /// <summary>The model itself, which forecasts without ML.NET too.</summary>
    public ForecastModel Model { get; }

    /// <summary>How the training went, epoch by epoch.</summary>
    public TrainingHistory History => Model.History;

    /// <summary>What was found while training: whether the forecasts lose to one that needs no learning. The same was told as warnings.</summary>
    public NetworkDiagnosis Diagnosis => Model.Diagnosis;

    bool ITransformer.IsRowToRowMapper => false;

    internal ForecastOutputs Outputs { get; }

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
        var forecasts = new ForecastDataView(_host, this, input, GetOutputSchema(input.Schema));
        return new ConvertibleDataView(nameof(LstmForecastingTransformer), input, forecasts, RefuseConversion);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => throw _host.Process(new InvalidOperationException(
        "A forecast needs the rows before its own, so a single row has none; expected Transform over the rows of the series, or Model.Forecast(history)."));

    void ICanSaveModel.Save(ModelSaveContext ctx) => s_entry.Save(ctx, stream => ForecastFile.Write(Model, stream, JsonSerializer.Serialize(Outputs)));

    /// <summary>The columns that are added.</summary>
    internal IReadOnlyList<DataViewSchema.DetachedColumn> Columns() => [.. Outputs.All.Select(name => new DataViewSchema.DetachedColumn(
        name, Model.Settings.TargetCount == 1
            ? new VectorDataViewType(NumberDataViewType.Single, Model.Horizon)
            : new VectorDataViewType(NumberDataViewType.Single, Model.Settings.TargetCount, Model.Horizon), SlotNames.Of(StepNames())))];

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => s_entry.Load(env, ctx, stream =>
    {
        ForecastModel model = ForecastFile.Read(stream, out string? outputs);
        ForecastOutputs? columns = outputs is null ? null : JsonSerializer.Deserialize<ForecastOutputs>(outputs);
        bool fits = columns is { Forecast.Length: > 0 } && (columns.LowerBound is null) == (columns.UpperBound is null) && (columns.LowerBound is null || model.Calibration is not null);
        return fits ? new LstmForecastingTransformer(env, model, columns!) : throw new InvalidDataException("The forecaster does not say which columns it adds, or says bounds that it does not give.");
    });

    private static void RefuseConversion(OnnxConversion conversion) => throw conversion.Refusal(
        "a forecast needs the rows before its own, and a graph makes each row of one; expected it outside of the pipeline, where its graph reads whole windows");

    private IEnumerable<string> StepNames() => Model.Input.Targets.SelectMany(target => Enumerable.Range(1, Model.Horizon).Select(step => FormattableString.Invariant($"{target}+{step}")));
}
