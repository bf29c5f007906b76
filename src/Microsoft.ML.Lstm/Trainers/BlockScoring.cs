using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>Scores rows that were read ahead, on all cores.</summary>
/// <param name="model">The model.</param>
/// <param name="rows">Rows to score together at most.</param>
/// <param name="read">Reads the sequence of the row that the input is at; both spans are valid until the next call.</param>
/// <param name="createGetters">The getters of what is predicted of a row.</param>
internal sealed class BlockScoring(RecurrentModel model, int rows, BlockScoring.Reading read, Func<ISequenceScoring, Delegate[]> createGetters) : IRowBlock
{
    // 16 MB of values are enough to keep every core busy.
    private const long MostValues = 1 << 22;
    private const int RowsPerProcessor = 64, MostRows = 1024;
    private readonly SequenceBlock _block = new(model);

    /// <summary>Rows to score together if nobody says otherwise.</summary>
    public static int DefaultRows { get; } = Math.Min(RowsPerProcessor * Environment.ProcessorCount, MostRows);

    /// <summary>Refuses a number of rows that is out of its range.</summary>
    public static int Require(int rows) =>
        rows >= 1 ? rows : throw new ArgumentOutOfRangeException(nameof(RecurrentTransformer.RowsPerBlock), rows, Invariant($"{nameof(RecurrentTransformer.RowsPerBlock)} is {rows}; expected 1 or more."));

    /// <summary>Reads a sequence: values, [steps, F], and tokens, [steps]; either may be empty.</summary>
    public delegate void Reading(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens);

    /// <inheritdoc/>
    public bool IsFull => _block.Count >= rows || _block.ValueCount >= MostValues;

    /// <inheritdoc/>
    public void Clear() => _block.Clear();

    /// <inheritdoc/>
    public void Add()
    {
        read(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens);
        _block.Add(features, tokens);
    }

    /// <inheritdoc/>
    public void Compute() => model.Score(_block);

    /// <inheritdoc/>
    public Delegate[] CreateGetters(Func<int> row) => createGetters(new Scored(_block, row));

    private sealed class Scored(SequenceBlock block, Func<int> row) : ISequenceScoring
    {
        public ScoredSequence Row() => block.Scored(row());
    }
}
