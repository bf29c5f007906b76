using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Tagging;

/// <summary>Compares predicted tags with labels, row by row. Tags are compared by their keys' values, or their numbers where there are none.</summary>
internal sealed class TagEvaluation
{
    private const string PredictedRole = "predicted label";
    private const string Expected = "a vector of keys, one for each step";
    private readonly IExceptionContext _context;
    private readonly DataViewSchema.Column _label, _predicted;
    private readonly IReadOnlyList<string> _labelNames, _predictedNames;
    private readonly SortedDictionary<string, EntityMetrics>? _entities;
    private long _tokens, _hits;

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public TagEvaluation(IExceptionContext context, DataViewSchema schema, string labelColumn, string predictedColumn)
    {
        _context = context;
        (_label, _labelNames, bool labelHasValues) = Find(schema, ILabelColumn.Role, labelColumn);
        (_predicted, _predictedNames, bool predictedHasValues) = Find(schema, PredictedRole, predictedColumn);
        _entities = labelHasValues && predictedHasValues && EntitySpans.AreBio(_labelNames) && EntitySpans.AreBio(_predictedNames) ? [] : null;
    }

    /// <summary>Refuses columns that are missing or of another type, as far as a shape without sizes tells.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string labelColumn, string predictedColumn)
    {
        Check(ILabelColumn.Role, labelColumn);
        Check(PredictedRole, predictedColumn);

        void Check(string role, string name)
        {
            SchemaShape.Column column = SchemaMismatch.Find(context, schema, role, name);
            if (!column.IsKey || column.Kind == SchemaShape.Column.VectorKind.Scalar)
                throw SchemaMismatch.IllTyped(context, role, name, Expected, column.Describe());
        }
    }

    /// <summary>Reads all rows.</summary>
    /// <exception cref="InvalidOperationException">A row has not as many predictions as labels; names it.</exception>
    public TaggingMetrics Run(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([_label, _predicted]);
        ITokenReader labels = TokenReader.Open(cursor, _label), predictions = TokenReader.Open(cursor, _predicted);
        while (cursor.MoveNext())
        {
            string?[] label = Names(labels.Read(), _labelNames), predicted = Names(predictions.Read(), _predictedNames);
            if (label.Length != predicted.Length)
                throw _context.Process(new InvalidOperationException(
                    Invariant($"Column '{_predicted.Name}' has {Plural.Of(predicted.Length, "tag")} in row {cursor.Position}; expected {label.Length}, one for each of column '{_label.Name}'.")));
            Add(label, predicted);
        }
        return new TaggingMetrics(_tokens, _hits, _entities);
    }

    private void Add(string?[] label, string?[] predicted)
    {
        for (int step = 0; step < label.Length; step++)
        {
            _tokens += label[step] is null ? 0 : 1;
            _hits += label[step] is not null && label[step] == predicted[step] ? 1 : 0;
        }
        if (_entities is null)
            return;
        HashSet<(int, int, string Type)> labelled = EntitySpans.Of(label), found = EntitySpans.Of(predicted);
        foreach ((int, int, string Type) span in labelled)
            Count(span.Type, new EntityMetrics(1, 0, found.Contains(span) ? 1 : 0));
        foreach ((int, int, string Type) span in found)
            Count(span.Type, new EntityMetrics(0, 1, 0));
    }

    private void Count(string type, EntityMetrics more)
    {
        EntityMetrics all = _entities!.GetValueOrDefault(type) ?? new EntityMetrics(0, 0, 0);
        _entities![type] = new EntityMetrics(
            all.LabelledCount + more.LabelledCount, all.PredictedCount + more.PredictedCount, all.CorrectCount + more.CorrectCount);
    }

    private (DataViewSchema.Column Column, IReadOnlyList<string> Names, bool HasValues) Find(DataViewSchema schema, string role, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(_context, schema, role, name);
        if (column.Type is not VectorDataViewType { ItemType: KeyDataViewType key })
            throw SchemaMismatch.IllTyped(_context, role, name, Expected, column.Type.ToString()!);
        KeyValues? values = KeyValues.Of(_context, role, column);
        int count = KeyCardinality.Of(_context, role, column, key);
        return (column, values?.Texts ?? [.. Enumerable.Range(1, count).Select(k => Invariant($"{k}"))], values is not null);
    }

    private static string?[] Names(ReadOnlySpan<int> keys, IReadOnlyList<string> names)
    {
        string?[] texts = new string?[keys.Length];
        for (int i = 0; i < keys.Length; i++)
            texts[i] = keys[i] > 0 ? names[keys[i] - 1] : null;
        return texts;
    }
}
