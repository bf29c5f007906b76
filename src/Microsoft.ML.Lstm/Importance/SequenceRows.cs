using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>Rows that a network reads, with their labels, held in memory so that values can be exchanged among them.</summary>
internal sealed class SequenceRows
{
    private const string Purpose = "evaluation";

    /// <summary>Reads the rows that have a label and a step; warns of those that have none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type than the network reads.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are fewer than two rows, or a value is not finite; names column and row.
    /// </exception>
    public SequenceRows(IHost host, IDataView data, SequenceInput input, ILabelColumn label, int? most, CancellationToken cancellationToken)
    {
        (Input, LabelName) = (input, label.Name);
        List<DataViewSchema.Column> needed = [.. input.Find(host, data.Schema), data.Schema[label.Name]];
        Schema = SchemaOf(data.Schema);
        bool everyStep = label.AddTo(new SequenceShape()).TargetEveryStep;
        using var cancellation = new HostCancellation(host, cancellationToken);
        using DataViewRowCursor cursor = data.GetRowCursor(needed);
        var sequences = new SequenceReader(host, cursor, input);
        ILabelReader labels = label.Open(cursor);
        Labels = BufferedColumn.Open(cursor, data.Schema[label.Name]);
        var skipped = new SkippedRows(host, input.Features.Name, label.Name, Purpose);
        while ((most is null || Count < most) && cursor.MoveNext())
        {
            cancellation.Token.ThrowIfCancellationRequested();
            int steps = sequences.Read(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens);
            if (!labels.Read(out ReadOnlySpan<float> targets, out _))
                skipped.Unlabelled(cursor.Position);
            else if (steps == 0)
                skipped.Empty(cursor.Position);
            else
            {
                if (everyStep && targets.Length != steps)
                    throw host.Process(new InvalidOperationException(Invariant(
                        $"Column '{label.Name}' has {Plural.Of(targets.Length, "label")} in row {cursor.Position}; ")
                        + Invariant($"expected {steps}, one for each step of column '{input.Features.Name}'.")));
                FiniteNumbers.Require(host, features, input.Features.Name, cursor.Position);
                Labels.Read(Count);
                Features.Add(features.ToArray());
                Tokens.Add(tokens.ToArray());
                LongestLength = Math.Max(LongestLength, steps);
            }
        }
        skipped.Warn(Count);
        skipped.RequireAny(Count);
        if (Count < 2)
            throw host.Process(new InvalidOperationException(Invariant(
                $"The {Purpose} data has 1 row in the columns '{input.Features.Name}' and '{label.Name}'; ")
                + "expected at least 2, to exchange values among."));
    }

    /// <summary>What the network reads.</summary>
    public SequenceInput Input { get; }

    /// <summary>Name of the label column.</summary>
    public string LabelName { get; }

    /// <summary>The columns that the network reads, and the label.</summary>
    public DataViewSchema Schema { get; }

    /// <summary>The numbers of each row: [steps, F].</summary>
    public List<float[]> Features { get; } = [];

    /// <summary>The tokens of each row: [steps].</summary>
    public List<int[]> Tokens { get; } = [];

    /// <summary>The label of each row.</summary>
    public BufferedColumn Labels { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Features.Count;

    /// <summary>Steps of the longest row.</summary>
    public int LongestLength { get; }

    private DataViewSchema SchemaOf(DataViewSchema source)
    {
        var builder = new DataViewSchema.Builder();
        if (!Input.Features.IsTokens)
            builder.AddColumn(Input.Features.Name, source[Input.Features.Name].Type);
        if (Input.TokenColumn is { } tokens)
            builder.AddColumn(tokens.Name,
                new VectorDataViewType(new KeyDataViewType(typeof(uint), tokens.VocabularySize - 1), tokens.StepCount ?? 0));
        DataViewSchema.Column label = source[LabelName];
        builder.AddColumn(LabelName, label.Type, label.Annotations);
        return builder.ToSchema();
    }
}
