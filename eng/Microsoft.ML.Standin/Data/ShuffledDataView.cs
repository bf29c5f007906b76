namespace Microsoft.ML.Data;

/// <summary>The rows of another data view in random order: always the same one for a given seed, else a new one per cursor.</summary>
internal sealed class ShuffledDataView(IDataView source, int? seed, Random seeds) : IDataView
{
    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => true;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        Random order = seed is int fixedSeed ? new Random(fixedSeed) : rand ?? NewRandom();
        return new CacheDataView(source).GetRowCursor(columnsNeeded, order);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private Random NewRandom()
    {
        lock (seeds)
            return new Random(seeds.Next());
    }
}
