using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>How often each class was taken for each.</summary>
internal sealed class ConfusionCounts
{
    private readonly Dictionary<(string Label, string Predicted), long> _counts = [];

    /// <summary>Counts the rows of a view, step by step where labels are vectors; what has no label is not counted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">A row has not as many predictions as labels; names it.</exception>
    public ConfusionCounts(MLContext mlContext, IDataView scored, string labelColumn, string predictedColumn)
    {
        IExceptionContext context = mlContext.Data.GetEnvironment();
        DataViewSchema.Column label = SchemaMismatch.Find(context, scored.Schema, "label", labelColumn),
            predicted = SchemaMismatch.Find(context, scored.Schema, "predicted label", predictedColumn);
        using DataViewRowCursor cursor = scored.GetRowCursor([label, predicted]);
        ClassTexts labels = new(context, cursor, label, "label"), predictions = new(context, cursor, predicted, "predicted label");
        while (cursor.MoveNext())
        {
            string?[] came = labels.Read(), said = predictions.Read();
            if (came.Length != said.Length)
                throw new InvalidOperationException(Invariant($"Column '{predictedColumn}' has {Plural.Of(said.Length, "tag")} in row {cursor.Position}; expected {came.Length}, one for each of column '{labelColumn}'."));
            for (int i = 0; i < came.Length; i++)
                if (came[i] is { } one)
                    _counts[(one, said[i] ?? "(none)")] = _counts.GetValueOrDefault((one, said[i] ?? "(none)")) + 1;
        }
    }

    /// <summary>Examples or steps counted.</summary>
    public long Total => _counts.Values.Sum();

    /// <summary>Fraction of them that is right.</summary>
    public double Accuracy => Total == 0 ? double.NaN
        : (double)_counts.Where(pair => pair.Key.Label == pair.Key.Predicted).Sum(pair => pair.Value) / Total;

    /// <summary>Fraction of them that is of the commonest class: what always saying that one would get right.</summary>
    public double Commonest => Total == 0 ? double.NaN : (double)Classes.Max(Labelled) / Total;

    /// <summary>Mean of the recall of the classes that have examples.</summary>
    public double MeanRecall => Classes.Where(name => Labelled(name) > 0).Select(name => (double)Hits(name) / Labelled(name))
        .DefaultIfEmpty(double.NaN).Average();

    /// <summary>The classes, labelled or predicted, the most frequent first.</summary>
    public IReadOnlyList<string> Classes => field ??= [.. _counts.Keys.SelectMany(pair => new[] { pair.Label, pair.Predicted }).Distinct()
        .OrderByDescending(Labelled).ThenBy(name => name, StringComparer.Ordinal)];

    /// <summary>Examples of a class.</summary>
    public long Labelled(string name) => _counts.Where(pair => pair.Key.Label == name).Sum(pair => pair.Value);

    /// <summary>Predictions of a class.</summary>
    public long Predicted(string name) => _counts.Where(pair => pair.Key.Predicted == name).Sum(pair => pair.Value);

    /// <summary>Those of them that are right.</summary>
    public long Hits(string name) => _counts.GetValueOrDefault((name, name));

    /// <summary>Adds the confusion matrix and a table of the classes to a section.</summary>
    public ReportSection AddTo(ReportSection section, int mostClasses, string what)
    {
        string[] shown = [.. Classes.Take(Classes.Count <= mostClasses ? mostClasses : mostClasses - 1)];
        string[] names = shown.Length < Classes.Count ? [.. shown, Invariant($"{Classes.Count - shown.Length} others")] : shown;
        long[,] matrix = new long[names.Length, names.Length];
        foreach (((string label, string predicted), long count) in _counts)
            matrix[Place(label), Place(predicted)] += count;
        section.ConfusionMatrix(Invariant($"Confusion matrix: rows are labels, columns predictions, {what} counted"), names, matrix);
        return section.Table("Each class", ["class", "labelled", "predicted", "right", "precision", "recall", "F1"],
            shown.Select(name => (IReadOnlyList<string>)[
            name, Invariant($"{Labelled(name)}"), Invariant($"{Predicted(name)}"), Invariant($"{Hits(name)}"),
                Share(Hits(name), Predicted(name)), Share(Hits(name), Labelled(name)),
            Share(2 * Hits(name), Labelled(name) + Predicted(name))]));

        int Place(string name) => Array.IndexOf(shown, name) is >= 0 and var place ? place : names.Length - 1;
    }

    private static string Share(long count, long all) => all == 0 ? "" : Invariant($"{100.0 * count / all:F1} %");
}
