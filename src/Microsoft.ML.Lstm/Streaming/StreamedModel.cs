using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Windowing;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>A model taken apart at the one transformer that reads series: what makes a row of the series, that transformer, what is made of its columns.</summary>
internal sealed class StreamedModel
{
    private readonly ITransformer[] _all;
    private readonly int _place;

    /// <exception cref="ArgumentException">The model has not exactly one transformer that reads series, or another that is not row to row.</exception>
    public StreamedModel(ITransformer model)
    {
        _all = [.. Flatten(model)];
        int[] places = [.. Enumerable.Range(0, _all.Length).Where(i => ReadsSeries(_all[i]))];
        if (places.Length != 1)
            throw new ArgumentException(Invariant($"The model has {places.Length} transformers made by WindowSequence; expected 1, whose window the rows are to fill, or one forecaster or anomaly detector."), nameof(model));
        foreach (ITransformer part in _all)
            if (!part.IsRowToRowMapper && !ReadsSeries(part))
                throw new ArgumentException(Invariant($"The model has a {part.GetType().Name}, which is not row to row; expected transformers that make one row of each."), nameof(model));
        _place = places[0];
    }

    /// <summary>What comes before it.</summary>
    public ReadOnlySpan<ITransformer> Before => _all.AsSpan(0, _place);

    /// <summary>What comes after it.</summary>
    public ReadOnlySpan<ITransformer> After => _all.AsSpan(_place + 1);

    /// <summary>Opens the transformer that reads series.</summary>
    /// <param name="row">The row that it reads, as those before make it.</param>
    /// <param name="maximumSeries">Series that are kept at most; null: no limit.</param>
    public ISeriesStream Open(DataViewRow row, int? maximumSeries) => _all[_place] switch
    {
        WindowSequenceTransformer window => new RecentRows(window, row, maximumSeries),
        LstmForecastingTransformer forecaster => new ForecastStream(forecaster, row, maximumSeries),
        ITransformer other => throw new InvalidOperationException(Invariant($"The model has a {other.GetType().Name}; expected one that reads series.")),
    };

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

    /// <summary>The model with another in place of the transformer that reads series.</summary>
    public ITransformer With(ITransformer transformer)
    {
        ITransformer[] all = [.. _all];
        all[_place] = transformer;
        return new TransformerChain<ITransformer>(all);
    }

    private static bool ReadsSeries(ITransformer transformer) => transformer is WindowSequenceTransformer or LstmForecastingTransformer;

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
