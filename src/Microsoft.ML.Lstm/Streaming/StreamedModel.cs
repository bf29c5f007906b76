using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Windowing;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>A model taken apart at its window: what makes a row of the series, the window, what is made of it.</summary>
internal sealed class StreamedModel
{
    private readonly ITransformer[] _all;
    private readonly int _window;

    /// <exception cref="ArgumentException">The model has not exactly one window, or a part that is not row to row.</exception>
    public StreamedModel(ITransformer model)
    {
        _all = [.. Flatten(model)];
        int[] windows = [.. Enumerable.Range(0, _all.Length).Where(i => _all[i] is WindowSequenceTransformer)];
        if (windows.Length != 1)
            throw new ArgumentException(Invariant($"The model has {windows.Length} transformers made by WindowSequence; expected 1, whose window the rows are to fill."), nameof(model));
        foreach (ITransformer part in _all)
            if (!part.IsRowToRowMapper)
                throw new ArgumentException(Invariant($"The model has a {part.GetType().Name}, which is not row to row; expected transformers that make one row of each."), nameof(model));
        _window = windows[0];
    }

    /// <summary>What comes before the window.</summary>
    public ReadOnlySpan<ITransformer> Before => _all.AsSpan(0, _window);

    /// <summary>What comes after it.</summary>
    public ReadOnlySpan<ITransformer> After => _all.AsSpan(_window + 1);

    /// <summary>The window.</summary>
    public WindowSequenceTransformer Window => (WindowSequenceTransformer)_all[_window];

    /// <summary>A row as transformers make it of another.</summary>
    public static DataViewRow Apply(ReadOnlySpan<ITransformer> transformers, DataViewRow row)
    {
        foreach (ITransformer transformer in transformers)
        {
            IRowToRowMapper mapper = transformer.GetRowToRowMapper(row.Schema);
            row = mapper.GetRow(row, mapper.OutputSchema);
        }
        return row;
    }

    /// <summary>The model, its window knowing these rows.</summary>
    public ITransformer With(IReadOnlyDictionary<string, RecentSeries> recentRows)
    {
        ITransformer[] parts = [.. _all];
        parts[_window] = Window.With(recentRows);
        return new TransformerChain<ITransformer>(parts);
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
