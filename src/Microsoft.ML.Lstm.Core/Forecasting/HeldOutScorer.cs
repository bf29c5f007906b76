using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Scores held-out windows, in normalised units, with what came.</summary>
internal sealed class HeldOutScorer(ForecastModel model, NormalizedWindows held)
{
    private const int BatchSize = 64;

    /// <summary>Scores every <paramref name="stride"/>-th window; a result is valid until the next.</summary>
    public IEnumerable<WindowScores> Score(int stride)
    {
        ScoringSession[] members = [.. model.Members.Select(member => member.CreateSession())];
        var batch = new SequenceBatch();
        float[] sum = new float[BatchSize * model.OutputSize], outputs = new float[BatchSize * model.OutputSize];
        var levels = new WindowLevel[BatchSize];
        for (long start = 0; start < held.Count; start += (long)stride * BatchSize)
        {
            int[] examples = [.. Enumerable.Range(0, BatchSize).Select(i => start + ((long)i * stride)).Where(example => example < held.Count).Select(example => (int)example)];
            held.Fill(batch, examples, levels);
            members[0].Score(batch, sum);
            for (int m = 1; m < members.Length; m++)
            {
                members[m].Score(batch, outputs);
                for (int i = 0; i < sum.Length; i++)
                    sum[i] += outputs[i];
            }
            for (int i = 0; i < sum.Length && members.Length > 1; i++)
                sum[i] /= members.Length;
            for (int position = 0; position < examples.Length; position++)
            {
                (int channel, int origin) = held.Window(examples[batch.Order[position]]);
                if (!float.IsNaN(levels[position].Level))
                    yield return new WindowScores(channel, origin, held.UnitOf(channel), levels[position],
                        sum.AsMemory(position * model.OutputSize, model.OutputSize), batch.Targets.Slice(position * batch.TargetSize, batch.TargetSize).ToArray());
            }
        }
    }
}
