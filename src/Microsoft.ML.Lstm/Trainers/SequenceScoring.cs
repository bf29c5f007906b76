using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>
/// Scores the row that a cursor is at: once, however many columns are made of it, in scratch buffers of its own. At steady state nothing is
/// allocated.
/// </summary>
internal sealed class SequenceScoring
{
    private const long MostBytesKept = 16 << 20;
    private readonly DataViewRow _row;
    private readonly SequenceReader _reader;
    private readonly NetworkScorer _scorer;
    private readonly FeatureScaling? _featureScaling;
    private readonly FeatureScaling? _targetScaling;
    private readonly int _valuesPerTarget;
    private readonly bool _everyStep;
    private readonly bool _addLastValue;
    private ScoringSession _session;
    private SequenceBatch _batch = new();
    private float[] _outputs = [];
    private int _length;
    private long? _position;

    /// <param name="context">Where an exception is said to come from.</param>
    /// <param name="network">The network.</param>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="addLastValue">Whether outputs are differences from the first number of the sequence's last step, to be added.</param>
    public SequenceScoring(IExceptionContext context, TrainedNetwork network, DataViewRow row, bool addLastValue)
    {
        _addLastValue = addLastValue;
        _row = row;
        _reader = new SequenceReader(context, row, network.Input);
        _scorer = network.Scorer;
        _session = _scorer.CreateSession();
        (_featureScaling, _targetScaling) = (network.File.FeatureScaling, network.File.TargetScaling);
        _valuesPerTarget = _targetScaling is null ? 1 : network.File.Spec.OutputSize / _targetScaling.Size;
        _everyStep = network.File.Spec.Output == OutputPosition.EveryStep;
    }

    /// <summary>
    /// The network's outputs for the row, in the labels' own unit: [O], or [steps, O]. NaN if the sequence is empty or holds NaN or an infinity.
    /// </summary>
    public ReadOnlySpan<float> Outputs()
    {
        if (_position != _row.Position)
            Score();
        _position = _row.Position;
        return _outputs.AsSpan(0, _length);
    }

    private void Score()
    {
        _position = null;
        ScratchLimit.Apply(ref _outputs);
        int steps = _reader.Read(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens);
        _length = _session.Spec.OutputSize * (_everyStep ? steps : 1);
        if (_outputs.Length < _length)
            _outputs = new float[_length];
        Span<float> outputs = _outputs.AsSpan(0, _length);
        if (steps == 0 || !FiniteNumbers.AreAll(features))
        {
            outputs.Fill(float.NaN);
            return;
        }
        PassMemory.Require(_session.Spec, steps, forTraining: false, "The sequence to score");
        float last = _addLastValue ? features[^_session.Spec.InputSize] : 0;
        _batch.Reset([steps], _session.Spec.InputSize, tokens.Length > 0);
        features.CopyTo(_batch.Features);
        tokens.CopyTo(_batch.Tokens);
        _featureScaling?.Apply(_batch.Features, _batch.Features);
        _session.Score(_batch, outputs);
        _targetScaling?.Undo(outputs, outputs, _valuesPerTarget);
        if (_addLastValue)
            foreach (ref float output in outputs)
                output += last;
        LetGoOfMuch(steps);
    }

    // What one very long row took is not kept for all the short ones that follow.
    private void LetGoOfMuch(int steps)
    {
        if (PassMemory.Bytes(_session.Spec, steps, forTraining: false) > MostBytesKept)
            (_session, _batch) = (_scorer.CreateSession(), new SequenceBatch());
    }
}
