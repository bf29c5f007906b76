using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        _host = env.Register(nameof(ColumnConcatenatingEstimator));
        _host.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        _host.CheckValue(inputColumnNames, nameof(inputColumnNames));
        _host.CheckParam(inputColumnNames.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        _host.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new ColumnConcatenatingTransformer(_host, _name, _sources);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _host.CheckValue(inputSchema, nameof(inputSchema));
        Dictionary<string, SchemaShape.Column> result = inputSchema.ToDictionary(c => c.Name);
        result[_name] = Concatenate([.. _sources.Select(s => Find(inputSchema, s))]);
        return new SchemaShape(result.Values);
    }

    private SchemaShape.Column Find(SchemaShape inputSchema, string name)
    {
        if (!inputSchema.TryFindColumn(name, out SchemaShape.Column column))
            throw _host.ExceptSchemaMismatch(nameof(inputSchema), "input", name);
        _host.Check(!column.IsKey, $"Column '{name}' is key. Concatenation of keys is unsupported.");
        return column;
    }

    private SchemaShape.Column Concatenate(SchemaShape.Column[] columns)
    {
        DataViewType itemType = columns[0].ItemType;
        foreach (SchemaShape.Column column in columns)
        {
            _host.Check(column.ItemType.Equals(itemType), $"Concatenated columns should have the same type. "
                + $"Column '{column.Name}' has type of {column.ItemType}, but expected column type is {itemType}.");
        }
        var annotations = new List<SchemaShape.Column>();
        if (columns.All(c => Has(c, AnnotationUtils.Kinds.IsNormalized)))
            annotations.Add(ShapeMapping.NormalizedFlag);
        if (columns.Any(c => Has(c, AnnotationUtils.Kinds.CategoricalSlotRanges)))
            annotations.Add(ShapeMapping.Values(AnnotationUtils.Kinds.CategoricalSlotRanges, NumberDataViewType.Int32));
        if (columns.Any(c => c.Kind == SchemaShape.Column.VectorKind.Scalar || Has(c, AnnotationUtils.Kinds.SlotNames)))
            annotations.Add(ShapeMapping.Values(AnnotationUtils.Kinds.SlotNames, TextDataViewType.Instance));
        SchemaShape.Column.VectorKind kind = columns.Any(c => c.Kind == SchemaShape.Column.VectorKind.VariableVector)
            ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        return new SchemaShape.Column(_name, kind, itemType, false, new SchemaShape(annotations));
    }

    private static bool Has(SchemaShape.Column column, string kind) => column.Annotations.TryFindColumn(kind, out _);
}
