using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Scores held-out windows, in normalised units, with what came.</summary>
internal sealed class HeldOutScorer(ForecastModel model, NormalizedWindows held)
{
    private const int BatchSize = 64;

    /// <summary>Scores every <paramref name="stride"/>-th window; a result is valid until the next.</summary>
    public IEnumerable<WindowScores> Score(int stride)
    {
        var scorer = new EnsembleScorer(model);
        SequenceBatch batch = scorer.Batch;
        var levels = new WindowLevel[BatchSize];
        for (long start = 0; start < held.Count; start += (long)stride * BatchSize)
        {
            int[] examples = [.. Enumerable.Range(0, BatchSize).Select(i => start + ((long)i * stride)).Where(example => example < held.Count).Select(example => (int)example)];
            held.Deal(_ => examples);
            held.Fill(batch, examples, levels);
            ReadOnlyMemory<float> outputs = scorer.Score();
            for (int position = 0; position < examples.Length; position++)
            {
                (int channel, int origin) = held.Window(examples[batch.Order[position]]);
                if (!float.IsNaN(levels[position].Level))
                    yield return new WindowScores(channel, origin, held.UnitOf(channel), levels[position],
                        outputs.Slice(position * model.OutputSize, model.OutputSize), batch.Targets.Slice(position * batch.TargetSize, batch.TargetSize).ToArray());
            }
        }
    }
}
