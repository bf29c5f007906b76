using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Windowing;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(WindowSequenceTransformer), null, typeof(SignatureLoadModel),
    "Windows of a sequence", WindowSequenceTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>
/// Over scalar series it slides: one row for each complete window of each group, [T, F], with the next values as its label. Given vectors it
/// passes them on as windows, row to row. It keeps no state between calls; both forms are lazy and thread-safe.
/// </summary>
public sealed class WindowSequenceTransformer : ITransformer
{
    internal const string LoaderSignature = "WindowSequence";
    private static readonly ModelEntry Entry = new("WINDOWSQ", LoaderSignature, "Window.json");
    private readonly IHost _host;

    internal WindowSequenceTransformer(IHostEnvironment environment, WindowColumns columns, IReadOnlyDictionary<string, RecentSeries>? recentRows = null)
    {
        _host = environment.Register(nameof(WindowSequenceTransformer));
        Columns = columns with { Host = _host };
        RecentRows = recentRows ?? new Dictionary<string, RecentSeries>();
    }

    /// <summary>The window.</summary>
    internal WindowColumns Columns { get; }

    /// <summary>The latest rows of each series that a <see cref="SequenceEngine{TIn, TOut}"/> had seen when it was saved, those heard of least recently first.</summary>
    internal IReadOnlyDictionary<string, RecentSeries> RecentRows { get; }

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return ExtensionMapper.Extend(inputSchema, Columns.AreSeries(inputSchema) ? Columns.WindowAndLabel() : [Columns.Window()]);
    }

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Columns.AreSeries(input.Schema)
            ? new ConvertibleDataView(nameof(WindowSequenceTransformer), input, new SlidingDataView(Columns, input), RefuseConversion)
            : GivenWindows(input.Schema).Extend(nameof(WindowSequenceTransformer), input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (Columns.MayBeWhole(inputSchema) || !Columns.AreSeries(inputSchema))
            return GivenWindows(inputSchema);
        WindowInput input = Columns.Inputs[0];
        int size = Columns.Settings.WindowLength * input.Size;
        throw _host.Process(new InvalidOperationException(Invariant(
            $"Column '{input.Name}' is {inputSchema[input.Name].Type}, one step of a series, so a single row makes no window; expected ")
            + Invariant($"{Columns.WholeWindow(input)}, a whole window in each row ([VectorType({size})] float[] {input.Name}). ")
            + "To predict from one row after the other, use model.CreateSequenceEngine<TIn, TOut>(mlContext)."));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        Entry.Save(ctx, stream => JsonSerializer.Serialize(stream, new SavedWindow(Columns.Settings, Columns.Inputs, RecentRows), SavedJson.Options));

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        using JsonDocument document = JsonDocument.Parse(stream, SavedJson.DocumentOptions);
        SavedWindow saved = SavedWindowVersion1.Is(document.RootElement)
            ? SavedWindowVersion1.Read(document.RootElement, SavedJson.Options)
            : document.Deserialize<SavedWindow>(SavedJson.Options) ?? throw new InvalidDataException("It is null; expected a value.");
        saved.Validate();
        return new WindowSequenceTransformer(env, new WindowColumns(env.Register(LoaderSignature), saved.Settings, saved.Inputs), saved.RecentRows);
    });

    /// <summary>The transformer with other recent rows.</summary>
    internal WindowSequenceTransformer With(IReadOnlyDictionary<string, RecentSeries> recentRows) => new(_host, Columns, recentRows);

    private void RefuseConversion(OnnxConversion conversion) => throw conversion.Refusal(Invariant(
        $"it slides over the rows of '{Columns.Inputs[0].Name}', and a graph makes each row of one; expected vectors that are whole windows, one in each row, as input"));

    private ExtensionMapper GivenWindows(DataViewSchema schema) => new(schema, new GivenWindow(Columns, schema));
}
