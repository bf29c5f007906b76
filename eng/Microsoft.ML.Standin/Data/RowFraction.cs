using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>
/// A number per row that decides into which part of a split the row goes. Without a key column it is random in [0, 1). With one, rows
/// of one key share it: its place among the keys for a key column, in the column's range for a real one, else a hash in [0, 1).
/// </summary>
internal sealed class RowFraction
{
    private const int DefaultSeed = 42;
    private readonly IDataView _data;
    private readonly DataViewSchema.Column[] _columns;
    private readonly Func<DataViewRow, Func<double>> _createReader;

    public RowFraction(IHostEnvironment env, IDataView data, string samplingKeyColumnName, int? seed)
    {
        _data = data;
        int seedToUse = seed ?? (env as IHostEnvironmentInternal)?.Seed ?? DefaultSeed;
        if (samplingKeyColumnName is null)
        {
            _columns = [];
            _createReader = _ =>
            {
                var random = new TauswortheGenerator((uint)seedToUse);
                return () => random.NextSingle();
            };
            return;
        }
        DataViewSchema.Column column = data.Schema.GetColumnOrNull(samplingKeyColumnName)
            ?? throw env.ExceptSchemaMismatch("samplingKeyColumn", "SamplingKeyColumn", samplingKeyColumnName);
        _columns = [column];
        if (column.Type is KeyDataViewType key)
            _createReader = row => KeyReader(row, column, key.Count);
        else if (column.Type == NumberDataViewType.Single || column.Type == NumberDataViewType.Double)
            _createReader = RangeReader(column);
        else
            _createReader = row => HashReader(row, column, seedToUse);
    }

    /// <summary>The rows whose number lies between two bounds, or all the others; a row whose number is NaN, such as one of a
    /// missing key, is in neither.</summary>
    public IDataView Filter(double min, double max, bool includeMax, bool complement) =>
        new FilteredDataView(_data, _columns, row =>
        {
            Func<double> read = _createReader(row);
            return () =>
            {
                double value = read();
                bool inside = min <= value && (includeMax ? value <= max : value < max);
                return !double.IsNaN(value) && inside != complement;
            };
        });

    private static Func<double> KeyReader(DataViewRow row, DataViewSchema.Column column, ulong count)
    {
        Func<object> read = ValueReader.Create(row, column);
        return () =>
        {
            ulong key = Convert.ToUInt64(read());
            return key == 0 || key > count ? double.NaN : (key - 0.5) / count;
        };
    }

    private Func<DataViewRow, Func<double>> RangeReader(DataViewSchema.Column column)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        using (DataViewRowCursor cursor = _data.GetRowCursor(_columns))
        {
            Func<object> read = ValueReader.Create(cursor, column);
            while (cursor.MoveNext())
            {
                double value = Convert.ToDouble(read());
                min = value < min ? value : min;
                max = value > max ? value : max;
            }
        }
        double range = max > min ? max - min : 1;
        return row =>
        {
            Func<object> read = ValueReader.Create(row, column);
            return () => (Convert.ToDouble(read()) - min) / range;
        };
    }

    private static Func<double> HashReader(DataViewRow row, DataViewSchema.Column column, int seed)
    {
        Func<object> read = ValueReader.Create(row, column);
        return () =>
        {
            // FNV-1a over the text form, then mixed: string.GetHashCode changes from one program run to the next.
            ulong hash = 14695981039346656037UL ^ (uint)seed;
            foreach (char c in ValueReader.ToText(read()))
                hash = (hash ^ c) * 1099511628211UL;
            hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
            return ((hash ^ (hash >> 33)) >> 11) / (double)(1UL << 53);
        };
    }
}
