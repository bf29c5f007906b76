using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>
/// Scores the row that a cursor is at: once, however many columns are made of it, with a scorer of its own. At steady state nothing is allocated.
/// </summary>
internal sealed class SequenceScoring : ISequenceScoring
{
    private readonly DataViewRow _row;
    private readonly SequenceReader _reader;
    private readonly RecurrentScorer _scorer;
    private long? _position;

    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="model">The model.</param>
    /// <param name="input">Its columns.</param>
    /// <param name="row">The row, or cursor.</param>
    public SequenceScoring(IExceptionContext context, RecurrentModel model, SequenceInput input, DataViewRow row)
    {
        _row = row;
        _reader = new SequenceReader(context, row, input);
        _scorer = model.CreateScorer();
    }

    /// <inheritdoc/>
    public ScoredSequence Row()
    {
        if (_position != _row.Position)
        {
            _position = null;
            _reader.Read(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens);
            _scorer.Run(features, tokens);
            _position = _row.Position;
        }
        return new ScoredSequence(_scorer.Model, _scorer.Outputs);
    }
}
