using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
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
    private static readonly JsonSerializerOptions Json = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
    private readonly IHost _host;

    internal WindowSequenceTransformer(IHostEnvironment environment, WindowSettings settings, IReadOnlyDictionary<string, float[]>? recentRows = null)
    {
        _host = environment.Register(nameof(WindowSequenceTransformer));
        Columns = new WindowColumns(_host, settings);
        RecentRows = recentRows ?? new Dictionary<string, float[]>();
    }

    /// <summary>The window.</summary>
    internal WindowColumns Columns { get; }

    /// <summary>The latest rows of each series that a <see cref="SequenceEngine{TIn, TOut}"/> had seen when it was saved: [rows, F].</summary>
    internal IReadOnlyDictionary<string, float[]> RecentRows { get; }

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
            ? new SlidingDataView(Columns, input)
            : new ExtendedDataView(input, GivenWindows(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (!Columns.AreSeries(inputSchema))
            return GivenWindows(inputSchema);
        string name = Columns.Settings.InputColumnNames[0];
        throw _host.Process(new InvalidOperationException(
            Invariant($"Column '{name}' is {inputSchema[name].Type}, one value of a series, so a single row makes no window; expected ")
            + Invariant($"Vector<Single, {Columns.Settings.WindowLength}>, a whole window in each row ([VectorType({Columns.Settings.WindowLength})] float[] {name}). ")
            + "To predict from one value after the other, use model.CreateSequenceEngine<TIn, TOut>(mlContext)."));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        Entry.Save(ctx, stream => JsonSerializer.Serialize(stream, new Saved(Columns.Settings, RecentRows), Json));

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        Saved saved = JsonSerializer.Deserialize<Saved>(stream, Json) ?? throw new InvalidDataException("It is empty.");
        saved.Settings.Validate();
        return new WindowSequenceTransformer(env, saved.Settings, saved.RecentRows);
    });

    /// <summary>The transformer with other recent rows.</summary>
    internal WindowSequenceTransformer With(IReadOnlyDictionary<string, float[]> recentRows) => new(_host, Columns.Settings, recentRows);

    private ExtensionMapper GivenWindows(DataViewSchema schema) => new(schema, new GivenWindow(Columns, schema));

    private sealed record Saved(WindowSettings Settings, IReadOnlyDictionary<string, float[]> RecentRows);
}
