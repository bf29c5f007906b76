using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>Brings the rows of a data view, one sequence each, into a dataset; checks every value on the way.</summary>
/// <param name="host">Where exceptions and warnings are said to come from.</param>
/// <param name="input">What the columns of sequences are.</param>
/// <param name="label">What the label column is.</param>
/// <param name="weightColumn">Name of the column that says what each row counts; null: all alike.</param>
/// <param name="differences">Whether labels are to be learned as differences from a value of the sequence's last step.</param>
internal sealed class SequenceLoader(IHost host, SequenceInput input, ILabelColumn label, string? weightColumn, bool differences)
{
    private const string WeightRole = "example weight";

    /// <summary>Refuses a weight column that is missing or not <c>Single</c>.</summary>
    public static void CheckWeight(IExceptionContext context, SchemaShape schema, string? name)
    {
        if (name is null)
            return;
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, WeightRole, name);
        if (column.Kind != VectorKind.Scalar || column.IsKey || !column.ItemType.Equals(NumberDataViewType.Single))
            throw SchemaMismatch.IllTyped(context, WeightRole, name, "Single", column.Describe());
    }

    /// <summary>What the series are called that the examples were cut from, by number; one without a name where there is no
    /// group.</summary>
    public IReadOnlyList<string> SeriesNames { get; private set; } = [];

    /// <summary>Reads the rows that have a label and a step; warns of those that have none.</summary>
    /// <param name="data">Where from.</param>
    /// <param name="purpose">"training" or "validation".</param>
    /// <param name="cancellationToken">Looked at before every row.</param>
    /// <param name="share">Which share of the rows; the others are passed over.</param>
    /// <param name="mayBeEmpty">Whether there need be no row, since other processes may have some.</param>
    /// <exception cref="InvalidOperationException">There is no row, or a value cannot be learned from; names column, row and value.</exception>
    public SequenceDataset Load(IDataView data, string purpose, CancellationToken cancellationToken, WorkShard share, bool mayBeEmpty)
    {
        WindowAnnotation? window = WindowAnnotations.TryRead(data.Schema[label.Name], out WindowAnnotation annotation) ? annotation : null;
        SequenceShape shape = label.AddTo(new SequenceShape { FeatureSize = input.FeatureSize, HasTokens = input.HasTokens });
        shape = shape with { Continuation = ContinuationOf(window, shape) };
        var dataset = new SequenceDataset(shape) { LabelGap = window?.LabelGap ?? 0 };
        // What tells series apart may have been dropped or replaced since the windows were cut.
        DataViewSchema.Column? group = window?.GroupColumnName is { } name && data.Schema.GetColumnOrNull(name) is { } found && GroupReader.CanRead(found.Type) ? found : null;
        List<DataViewSchema.Column> needed = [.. input.Find(host, data.Schema), data.Schema[label.Name]];
        if (weightColumn is not null)
            needed.Add(ScalarReader.Require(host, SchemaMismatch.Find(host, data.Schema, WeightRole, weightColumn), WeightRole));
        if (group is { } series)
            needed.Add(series);
        using var cancellation = new HostCancellation(host, cancellationToken);
        (long start, long end) = share.Count == 1 ? (0, long.MaxValue) : share.Range(CountRows(data, cancellation.Token));
        using DataViewRowCursor cursor = data.GetRowCursor(needed);
        var sequences = new SequenceReader(host, cursor, input);
        var groups = new GroupReader(cursor, group);
        ILabelReader labels = label.Open(cursor);
        ScalarReader? weights = weightColumn is null ? null : new ScalarReader(host, cursor, data.Schema[weightColumn], WeightRole);
        var skipped = new SkippedRows(host, input.Features.Name, label.Name, purpose);
        for (long row = 0; row < end && cursor.MoveNext(); row++)
        {
            cancellation.Token.ThrowIfCancellationRequested();
            if (row < start)
                continue;
            if (!labels.Read(out ReadOnlySpan<float> targets, out ReadOnlySpan<int> classes))
                skipped.Unlabelled(cursor.Position);
            else if (!TryAdd(dataset, sequences, targets, classes, weights, cursor.Position, groups.Read()))
                skipped.Empty(cursor.Position);
        }
        skipped.Warn(dataset.Count);
        if (!mayBeEmpty)
            skipped.RequireAny(dataset.Count);
        SeriesNames = groups.Names;
        if (window is not null && RowOrigins.AreRandom(data))
            WarnOfRandomWindows();
        dataset.TrimExcess();
        return dataset;
    }

    private static long CountRows(IDataView data, CancellationToken cancellationToken)
    {
        if (data.GetRowCount() is { } known)
            return known;
        using DataViewRowCursor cursor = data.GetRowCursor([]);
        long count = 0;
        for (; cursor.MoveNext(); count++)
            cancellationToken.ThrowIfCancellationRequested();
        return count;
    }

    private bool TryAdd(
        SequenceDataset dataset, SequenceReader sequences, ReadOnlySpan<float> targets, ReadOnlySpan<int> classes, ScalarReader? weights, long row, int series)
    {
        int steps = sequences.Read(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens);
        if (steps == 0)
            return false;
        if (dataset.Shape.TargetEveryStep && targets.Length + classes.Length != steps)
            throw Bad(Invariant($"Column '{label.Name}' has {Plural.Of(targets.Length + classes.Length, "label")} in row {row}; expected {steps}, one for each step of column '{input.Features.Name}'."));
        FiniteNumbers.Require(host, features, input.Features.Name, row);
        float weight = weights?.Read() ?? 1;
        if (!(weight >= 0 && float.IsFinite(weight)))
            throw Bad(Invariant($"Column '{weightColumn}' has {weight} in row {row}; expected a weight of 0 or more and finite."));
        if (differences)
            RequireDifferences(targets, features[^input.FeatureSize], row);
        dataset.Add(new SequenceExample { Features = features, Tokens = tokens, Targets = targets, Classes = classes, Weight = weight, Series = series });
        return true;
    }

    /// <summary>What the labels continue, as far as the windows' annotation or the differences tell; null when they may be anything.</summary>
    private SeriesContinuation? ContinuationOf(WindowAnnotation? window, SequenceShape shape)
    {
        SeriesContinuation? first = differences ? new SeriesContinuation { Features = [0] } : null;
        bool isOfTheseWindows = window is { Horizon: > 0, FeatureIndices.Count: > 0 } && window.WindowColumnName == input.Features.Name && window.RowSize == shape.FeatureSize
            && shape is { Target: TargetKind.Numbers, TargetEveryStep: false } && shape.TargetSize == window.Horizon * window.FeatureIndices.Count;
        return isOfTheseWindows ? new SeriesContinuation { Features = window!.FeatureIndices } : first;
    }

    private void RequireDifferences(ReadOnlySpan<float> targets, float last, long row)
    {
        foreach (float target in targets)
            if (!float.IsFinite(target - last))
                throw Bad(Invariant(
                    $"Column '{label.Name}' has {target} in row {row}, whose difference from {last} in column '{input.Features.Name}' overflows; expected values of less than {float.MaxValue / 2}."));
    }

    private void WarnOfRandomWindows()
    {
        using IChannel channel = host.Start("Loading");
        channel.Warning(MessageSensitivity.Schema,
            Invariant($"Windows of column '{input.Features.Name}' were drawn at random (TrainTestSplit, CrossValidate), so windows that overlap those trained on are tested on, and metrics ")
            + "are far too good. Data.ChronologicalSplit or Data.RollingOriginSplit of the rows, before WindowSequence, tells what a forecast is worth.");
    }

    private Exception Bad(string message) => host.Process(new InvalidOperationException(message));
}
