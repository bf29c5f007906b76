using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads a <c>Single</c> column of a row; a vector, of which no value is the one meant, is refused.</summary>
internal sealed class ScalarReader
{
    private readonly ValueGetter<float> _getter;
    private float _value;

    /// <summary>Opens a reader.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is not <c>Single</c>; names it and its type.</exception>
    public ScalarReader(IExceptionContext context, DataViewRow row, DataViewSchema.Column column, string role)
    {
        Require(context, column, role);
        _getter = row.GetGetter<float>(column);
    }

    /// <summary>Refuses a column that is not <c>Single</c>.</summary>
    public static DataViewSchema.Column Require(IExceptionContext context, DataViewSchema.Column column, string role) =>
        column.Type.Equals(NumberDataViewType.Single) ? column : throw SchemaMismatch.IllTyped(context, role, column.Name, "Single", column.Type.ToString()!);

    /// <summary>The value of the row that the cursor is at.</summary>
    public float Read()
    {
        _getter(ref _value);
        return _value;
    }
}
