using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Scores batches by every network of a forecaster and averages them, and series' own forecasts with them, in buffers that are reused. For
/// one thread.
/// </summary>
internal sealed class EnsembleScorer(ForecastModel model)
{
    private readonly ScoringSession[] _members = [.. model.Members.Select(member => member.CreateSession())];
    private readonly float[] _window = new float[model.Locals?.MostLength ?? 0];
    private float[] _sum = [], _outputs = [];

    /// <summary>What is scored; filled by the caller.</summary>
    public SequenceBatch Batch { get; } = new();

    /// <summary>The mean of the members' outputs for the batch, and of series' own forecasts: [B, H·Q] at the batch's sorted positions; valid until
    /// the next call.</summary>
    public ReadOnlyMemory<float> Score()
    {
        int length = Batch.SequenceCount * model.OutputSize;
        if (_sum.Length < length)
            (_sum, _outputs) = (new float[length], new float[length]);
        _members[0].Score(Batch, _sum);
        for (int m = 1; m < _members.Length; m++)
        {
            _members[m].Score(Batch, _outputs);
            for (int i = 0; i < length; i++)
                _sum[i] += _outputs[i];
        }
        for (int i = 0; i < length && _members.Length > 1; i++)
            _sum[i] /= _members.Length;
        model.Locals?.Mix(_sum.AsSpan(0, length), Batch, model.Settings, _window);
        return _sum.AsMemory(0, length);
    }
}
