using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Commands;

/// <summary>Rows that are steps, put together to sequences; and what a saved tagger must know to do it again.</summary>
/// <param name="Group">Column that tells sequences apart.</param>
/// <param name="Order">Column by which the steps of a sequence are put in order; empty: as the file has them.</param>
/// <param name="Columns">Columns of a step: one of words, or those of values.</param>
/// <param name="AreWords">Whether steps are words.</param>
internal sealed record StepRows(string Group, string Order, IReadOnlyList<string> Columns, bool AreWords)
{
    // Kept with the schema that the model is saved with.
    private const string GroupNote = "StepGroup", OrderNote = "StepOrder", ColumnsNote = "StepColumns";

    /// <summary>Those of a training.</summary>
    public static StepRows Of(TagColumns columns) =>
        new(columns.Group!.Name, columns.Order?.Name ?? "",
            columns.Text is { } word ? [word.Name] : [.. columns.Values.Select(value => value.Name)], columns.Text is not null);

    /// <summary>What a saved model notes; null if it notes nothing.</summary>
    public static StepRows? Of(DataViewSchema input)
    {
        foreach (DataViewSchema.Column column in input)
        {
            if (column.Annotations.Schema.GetColumnOrNull(ColumnsNote) is null)
                continue;
            VBuffer<ReadOnlyMemory<char>> names = default;
            ReadOnlyMemory<char> group = default, order = default;
            column.Annotations.GetValue(ColumnsNote, ref names);
            column.Annotations.GetValue(GroupNote, ref group);
            column.Annotations.GetValue(OrderNote, ref order);
            return new StepRows(group.ToString(), order.ToString(), [.. names.DenseValues().Select(name => name.ToString())],
                ((VectorDataViewType)column.Type).ItemType is TextDataViewType);
        }
        return null;
    }

    /// <summary>What to read of a file.</summary>
    /// <exception cref="ToolException">A column is missing.</exception>
    public IReadOnlyList<(ColumnGuess Column, ColumnKind Kind)> ToRead(CsvDialect dialect)
    {
        ColumnGuess? order = Order.Length == 0 ? null : Find(Order);
        return
        [
            (Find(Group), ColumnKind.Text), .. TagColumns.Some(order, order?.Kind == ColumnKind.Time ? ColumnKind.Time : ColumnKind.Number),
            .. Columns.Select(name => (Find(name), AreWords ? ColumnKind.Text : ColumnKind.Number)),
        ];

        // Under the model's own name, whose case the file need not share.
        ColumnGuess Find(string name) => dialect.Find(name, "The model's column") with { Name = name };
    }

    /// <summary>The rows of each sequence, in order.</summary>
    public IReadOnlyList<int[]> Sequences(TableView table)
    {
        IReadOnlyList<ReadOnlyMemory<char>> groups = Texts(table, Group);
        IEnumerable<int[]> sequences = Enumerable.Range(0, groups.Count).GroupBy(row => groups[row].ToString())
            .Select(rows => rows.ToArray());
        if (Order.Length == 0)
            return [.. sequences];
        return table[Order] is ColumnData<DateTime> times
            ? [.. sequences.Select(rows => rows.OrderBy(row => times.Values[row]).ToArray())]
            : [.. sequences.Select(rows => rows.OrderBy(row => ((ColumnData<float>)table[Order]).Values[row]).ToArray())];
    }

    /// <summary>A row for each sequence: its steps, and its tags where the label is given.</summary>
    public TableView ToTable(TableView table, IReadOnlyList<int[]> sequences, string? label)
    {
        ColumnData steps = AreWords ? Words(table, sequences, Columns[0], Columns[0], Notes()) : Values(table, sequences);
        return new TableView(label is null ? [steps] : [steps, Words(table, sequences, label, TagColumns.Key, null)]);
    }

    private VectorData<float> Values(TableView table, IReadOnlyList<int[]> sequences)
    {
        IReadOnlyList<float>[] columns = [.. Columns.Select(name => ((ColumnData<float>)table[name]).Values)];
        var data = new VectorData<float>(TagColumns.Features, new VectorDataViewType(NumberDataViewType.Single), Notes());
        foreach (int[] rows in sequences)
            data.Add([.. rows.SelectMany(row => columns.Select(column => column[row]))]);
        return data;
    }

    private static VectorData<ReadOnlyMemory<char>> Words(TableView table, IReadOnlyList<int[]> sequences, string column, string name,
        DataViewSchema.Annotations? notes)
    {
        IReadOnlyList<ReadOnlyMemory<char>> words = Texts(table, column);
        var data = new VectorData<ReadOnlyMemory<char>>(name, new VectorDataViewType(TextDataViewType.Instance), notes);
        foreach (int[] rows in sequences)
            data.Add([.. rows.Select(row => words[row])]);
        return data;
    }

    private DataViewSchema.Annotations Notes()
    {
        var notes = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] names = [.. Columns.Select(name => name.AsMemory())];
        notes.AddPrimitiveValue(GroupNote, TextDataViewType.Instance, Group.AsMemory());
        notes.AddPrimitiveValue(OrderNote, TextDataViewType.Instance, Order.AsMemory());
        notes.Add(ColumnsNote, new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, [.. names]));
        return notes.ToAnnotations();
    }

    private static IReadOnlyList<ReadOnlyMemory<char>> Texts(TableView table, string column) =>
        ((ColumnData<ReadOnlyMemory<char>>)table[column]).Values;
}
