using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Tests.Estimators;

/// <summary>What every estimator and its transformer must keep to, whatever they do.</summary>
internal static class CheckEstimator
{
    /// <summary>Checks an estimator on data; gives the transformer fitted.</summary>
    /// <param name="ml">The context.</param>
    /// <param name="estimator">The estimator.</param>
    /// <param name="data">What to fit and transform; all its rows are read several times.</param>
    /// <param name="fitColumns">Columns without which it cannot be fitted.</param>
    /// <param name="scoreColumns">Columns without which the transformer cannot work.</param>
    /// <param name="rowsAhead">Rows that the first output row takes.</param>
    public static T Run<T>(MLContext ml, IEstimator<T> estimator, IDataView data, string[] fitColumns, string[] scoreColumns, int rowsAhead = 1)
        where T : class, ITransformer
    {
        foreach (string column in fitColumns)
            NeedsToFit(ml, estimator, data, column);
        T transformer = estimator.Fit(data);
        foreach (string column in scoreColumns)
            Named(() => transformer.GetOutputSchema(Without(ml, data, column).Schema), column);
        PropagatesSchema(estimator, transformer, data);
        IsLazy(transformer, data, scoreColumns, rowsAhead);
        AnySubsetOfColumnsReadsAlike(transformer.Transform(data));
        SavesAndLoads(ml, transformer, data);
        ScoresBlocksAlike(transformer, data);
        return transformer;
    }

    private static void NeedsToFit<T>(MLContext ml, IEstimator<T> estimator, IDataView data, string column)
        where T : class, ITransformer
    {
        IDataView without = Without(ml, data, column);
        Named(() => estimator.GetOutputSchema(Shapes.Of(without.Schema)), column);
        Named(() => estimator.Fit(without), column);
        SchemaShape shape = Shapes.Of(data.Schema);
        var illTyped = new SchemaShape(shape.Select(c => c.Name == column ? SchemaShapes.Column(column, VectorKind.Scalar, DateTimeDataViewType.Instance) : c));
        Assert.Contains("DateTime", Named(() => estimator.GetOutputSchema(illTyped), column), StringComparison.Ordinal);
    }

    private static void PropagatesSchema<T>(IEstimator<T> estimator, T transformer, IDataView data)
        where T : class, ITransformer
    {
        string[] promised = Shapes.Describe(estimator.GetOutputSchema(Shapes.Of(data.Schema)));
        DataViewSchema kept = transformer.GetOutputSchema(data.Schema);
        Assert.Equal(promised, Shapes.Describe(Shapes.Of(kept)));
        Assert.Equal(kept.Select(c => c.ToString()), transformer.Transform(data).Schema.Select(c => c.ToString()));
    }

    private static void IsLazy(ITransformer transformer, IDataView data, string[] scoreColumns, int rowsAhead)
    {
        var watched = new WatchedView(data);
        IDataView output = transformer.Transform(watched);
        Assert.Equal(0, watched.CursorsOpened);
        using (DataViewRowCursor none = output.GetRowCursor([]))
            Assert.True(none.MoveNext());
        Assert.Empty(watched.ColumnsAsked.Intersect(scoreColumns));
        int before = watched.RowsRead;
        using (DataViewRowCursor all = output.GetRowCursor(output.Schema))
            Assert.True(all.MoveNext());
        Assert.Equal(rowsAhead, watched.RowsRead - before);
        Assert.Superset(scoreColumns.ToHashSet(), watched.ColumnsAsked);
    }

    private static void AnySubsetOfColumnsReadsAlike(IDataView output)
    {
        DataViewSchema.Column[] columns = [.. output.Schema.Where(c => !c.IsHidden)];
        string[][] alone = [.. columns.Select(c => RowValues.Read(output, c.Name))];
        string[] together = RowValues.Read(output);
        Assert.NotEmpty(together);
        Assert.Equal(together, Enumerable.Range(0, together.Length).Select(row => string.Join(" | ", alone.Select(a => a[row]))));
        DataViewRowCursor[] set = output.GetRowCursorSet(columns, 3);
        Assert.Equal(together.Order(), set.SelectMany(cursor => RowValues.Read(cursor, columns)).Order());
        Assert.Throws<ArgumentOutOfRangeException>(() => output.GetRowCursor([]).GetGetter<float>(columns[^1]));
    }

    private static void SavesAndLoads(MLContext ml, ITransformer transformer, IDataView data)
    {
        using var stream = new MemoryStream();
        ml.Model.Save(transformer, data.Schema, stream);
        stream.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(stream, out DataViewSchema schema);
        Assert.Equal(data.Schema.Select(c => c.Name), schema.Select(c => c.Name));
        Assert.Equal(transformer.GetOutputSchema(data.Schema).Select(c => c.ToString()), loaded.GetOutputSchema(data.Schema).Select(c => c.ToString()));
        Assert.Equal(RowValues.Read(transformer.Transform(data)), RowValues.Read(loaded.Transform(data)));
    }

    private static void ScoresBlocksAlike(ITransformer transformer, IDataView data)
    {
        Action<int>? setRows = transformer switch
        {
            RecurrentTransformer recurrent => rows => recurrent.RowsPerBlock = rows,
            LstmLanguageModelTransformer language => rows => language.RowsPerBlock = rows,
            _ => null,
        };
        if (setRows is null)
            return;
        string[] ahead = RowValues.Read(transformer.Transform(data));
        foreach (int rows in (int[])[1, 3])
        {
            setRows(rows);
            Assert.Equal(ahead, RowValues.Read(transformer.Transform(data)));
        }
    }

    private static IDataView Without(MLContext ml, IDataView data, string column) => ml.Transforms.DropColumns(column).Fit(data).Transform(data);

    private static string Named(Action act, string column)
    {
        string message = Assert.ThrowsAny<ArgumentException>(act).Message;
        Assert.Contains($"'{column}'", message, StringComparison.Ordinal);
        return message;
    }
}
