using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A transformer of which every added column is computed from one input column.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    internal readonly (string outputColumnName, string inputColumnName)[] ColumnPairs;

    private protected OneToOneTransformerBase(IHost host, params (string outputColumnName, string inputColumnName)[] columns)
        : base(host)
    {
        host.CheckValue(columns, nameof(columns));
        var names = new HashSet<string>();
        foreach ((string output, string input) in columns)
        {
            host.CheckNonEmpty(output, nameof(columns));
            host.CheckNonEmpty(input, nameof(columns));
            host.CheckParam(names.Add(output), nameof(columns), $"Name of the result column '{output}' specified multiple times");
        }
        ColumnPairs = columns;
    }

    private protected OneToOneTransformerBase(IHost host, ModelLoadContext ctx)
        : base(host)
    {
        ColumnPairs = new (string, string)[ctx.Reader.ReadInt32()];
        for (int i = 0; i < ColumnPairs.Length; i++)
            ColumnPairs[i] = (ctx.Reader.ReadString(), ctx.Reader.ReadString());
    }

    private protected void SaveColumns(ModelSaveContext ctx)
    {
        ctx.Writer.Write(ColumnPairs.Length);
        foreach ((string output, string input) in ColumnPairs)
        {
            ctx.Writer.Write(output);
            ctx.Writer.Write(input);
        }
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema)
    {
        var mapped = new MappedColumn[ColumnPairs.Length];
        for (int i = 0; i < mapped.Length; i++)
        {
            (string output, string input) = ColumnPairs[i];
            DataViewSchema.Column source = schema.GetColumnOrNull(input)
                ?? throw Host.ExceptSchemaMismatch("inputSchema", "input", input);
            ColumnMapping mapping = Map(i, source);
            mapped[i] = new MappedColumn(
                new DataViewSchema.DetachedColumn(output, mapping.Type, mapping.Annotations), [source.Index], mapping.MakeGetter);
        }
        return new ColumnMapper(mapped);
    }

    /// <summary>What becomes of the input column of the given pair; throws where its type does not fit.</summary>
    private protected abstract ColumnMapping Map(int pair, DataViewSchema.Column source);

    private protected static DataViewSchema.Annotations Keep(DataViewSchema.Column source, params string[] kinds)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(source.Annotations, kinds.Contains);
        return builder.ToAnnotations();
    }

    private protected sealed record ColumnMapping(
        DataViewType Type, DataViewSchema.Annotations Annotations, Func<DataViewRow, Delegate> MakeGetter);
}
