using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>Adds the columns of an <see cref="IRowExtension"/> to rows, row by row.</summary>
internal sealed class ExtensionMapper : IRowToRowMapper
{
    private readonly IRowExtension _extension;

    public ExtensionMapper(DataViewSchema inputSchema, IRowExtension extension)
    {
        _extension = extension;
        InputSchema = inputSchema;
        OutputSchema = Extend(inputSchema, extension.Columns);
    }

    /// <inheritdoc/>
    public DataViewSchema InputSchema { get; }

    /// <inheritdoc/>
    public DataViewSchema OutputSchema { get; }

    /// <summary>A schema with further columns at its end.</summary>
    public static DataViewSchema Extend(DataViewSchema schema, IEnumerable<DataViewSchema.DetachedColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumns(columns);
        return builder.ToSchema();
    }

    /// <inheritdoc/>
    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
    {
        bool[] needed = new bool[InputSchema.Count];
        foreach (DataViewSchema.Column column in dependingColumns)
        {
            if (column.Index < InputSchema.Count)
                needed[column.Index] = true;
            else
                foreach (DataViewSchema.Column dependency in _extension.Dependencies)
                    needed[dependency.Index] = true;
        }
        return [.. InputSchema.Where(c => needed[c.Index])];
    }

    /// <inheritdoc/>
    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Extend(input, activeColumns);
    }

    /// <summary>The rows of a view with the added columns.</summary>
    /// <param name="transformer">The name of the transformer that adds them.</param>
    /// <param name="source">The rows before.</param>
    public IDataView Extend(string transformer, IDataView source) =>
        new ConvertibleDataView(transformer, source, new ExtendedDataView(source, this), Convert);

    private void Convert(OnnxConversion conversion)
    {
        // All values before the first column: a column that hides another is not to be read in its place.
        string[] values = [.. _extension.Convert(conversion)];
        foreach ((DataViewSchema.DetachedColumn column, string value) in _extension.Columns.Zip(values))
            conversion.Output(column.Type, column.Name, value);
    }

    /// <summary>The added columns of many rows together; null if none is asked for, or there is nothing to gain.</summary>
    public IRowBlock? CreateBlock(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        activeColumns.Any(column => column.Index >= InputSchema.Count) ? _extension.CreateBlock(input) : null;

    /// <summary>The row with the added columns; it disposes of the input with itself.</summary>
    public ExtendedRow Extend(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        bool[] active = new bool[OutputSchema.Count];
        foreach (DataViewSchema.Column column in activeColumns)
            active[column.Index] = true;
        bool anyAdded = active.AsSpan(InputSchema.Count).Contains(true);
        return new ExtendedRow(input, OutputSchema, active, anyAdded ? _extension.CreateGetters(input) : []);
    }
}
