using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        _env.CheckValue(input, nameof(input));
        foreach (string name in columnsToPrefetch ?? [])
        {
            if (input.Schema.GetColumnOrNull(name) is null)
                throw _env.ExceptSchemaMismatch(nameof(columnsToPrefetch), "prefetch", name);
        }
        return new CacheDataView(input);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), $"Must be greater than zero, but got {count}.");
        return new SkipTakeDataView(input, 0, count);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(count > 0, nameof(count), $"Must be greater than zero, but got {count}.");
        return new SkipTakeDataView(input, count, long.MaxValue);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(shufflePoolSize > 0, nameof(shufflePoolSize), $"Must be positive, but got {shufflePoolSize}.");
        return new ShuffledDataView(input, seed, _env.Register(nameof(ShuffleRows)).Rand);
    }

    public IDataView FilterRowsByColumn(
        IDataView input, string columnName, double lowerBound = double.NegativeInfinity, double upperBound = double.PositiveInfinity)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckNonEmpty(columnName, nameof(columnName));
        _env.CheckParam(lowerBound < upperBound, nameof(upperBound), $"Must be more than lowerBound {lowerBound}, but got {upperBound}.");
        DataViewSchema.Column column = input.Schema[columnName];
        if (column.Type is not NumberDataViewType)
            throw _env.ExceptSchemaMismatch(nameof(columnName), "filter", columnName, "number", column.Type.ToString());
        if (column.Type != NumberDataViewType.Single && column.Type != NumberDataViewType.Double)
            throw _env.ExceptUserArg("Column",
                $"Column '{columnName}' does not have compatible type: expected Single or Double, got {column.Type}");
        return new FilteredDataView(input, [column], row =>
        {
            Func<double> read = MissingValues.DoubleReader(row, column);
            return () => read() is double value && lowerBound <= value && value < upperBound;
        });
    }

    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        _env.CheckValue(input, nameof(input));
        _env.CheckUserArg(columns is { Length: > 0 }, nameof(columns), "At least one column is expected.");
        DataViewSchema.Column[] tested = [.. columns.Select(name => input.Schema.GetColumnOrNull(name)
            ?? throw _env.ExceptUserArg("Columns", $"Source column '{name}' not found"))];
        foreach (DataViewSchema.Column column in tested)
            _env.CheckUserArg(MissingValues.Supports(column.Type), "Columns",
                $"Column '{column.Name}' has type {column.Type} which does not support missing values, so we cannot filter on them");
        return new FilteredDataView(input, tested, row =>
        {
            Func<bool>[] missing = [.. tested.Select(column => MissingValues.Test(row, column))];
            return () => !missing.Any(isMissing => isMissing());
        });
    }
}
