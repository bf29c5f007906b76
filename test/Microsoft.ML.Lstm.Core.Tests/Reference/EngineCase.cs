using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>A network case on the engine, and the reference network's dropout masks as the engine draws them.</summary>
internal static class EngineCase
{
    public static ManagedEngine Engine(this NetworkCase example, int threads = 2)
    {
        float rate = example.Dropout ? NetworkCase.DropoutRate : 0;
        var engine = new ManagedEngine(example.Spec, Plain.Engine with
        {
            Loss = example.Loss,
            Regularization = new RegularizationSpec
            {
                InputDropout = rate,
                EmbeddingDropout = rate,
                LayerDropout = rate,
                // The engine does not combine it with layer normalisation.
                RecurrentDropout = example.Spec.LayerNormalization ? 0 : rate,
                OutputDropout = rate,
            },
            Stateful = example.CarriesState(),
            Seed = example.Seed,
            Threads = threads,
        });
        engine.ImportWeights(example.EngineWeights());
        return engine;
    }

    /// <summary>Whether the engine carries state: not into a direction that reads backwards.</summary>
    public static bool CarriesState(this NetworkCase example) => example.CarriedState && !example.Spec.Bidirectional;

    /// <summary>The masks of the engine's first training step; null without dropout.</summary>
    public static ReferenceMasks? EngineMasks(this NetworkCase example, SequenceBatch batch)
    {
        if (!example.Dropout)
            return null;
        NetworkSpec spec = example.Spec;
        float rate = NetworkCase.DropoutRate;
        var plan = new DropoutPlan
        {
            InputRate = rate,
            EmbeddingRate = rate,
            LayerRate = rate,
            RecurrentRate = spec.LayerNormalization ? 0 : rate,
            OutputRate = rate,
            LayerCount = spec.HiddenSizes.Count,
            Seed = example.Seed,
        };
        int rows = batch.RowCount;
        return new ReferenceMasks(
            [.. Enumerable.Range(0, spec.VocabularySize).Select(token => (double)plan.Embedding.Factor(token))],
            Rows(plan.Input, rows, spec.StepSize),
            [.. spec.HiddenSizes.SkipLast(1).Select((units, k) => Rows(plan.Layer(k), rows, units * spec.Directions))],
            [.. spec.HiddenSizes.SelectMany((units, k) => Enumerable.Range(0, spec.Directions)
                .Select(d => Rows(plan.Recurrent(k, d), batch.SequenceCount, units)))],
            Rows(plan.Output, batch.TargetRows, spec.TopSize));
    }

    public static unsafe double[][] Rows(Dropout dropout, int count, int size)
    {
        var rows = new double[count][];
        for (int row = 0; row < count; row++)
        {
            float[] factors = [.. Enumerable.Repeat(1f, size)];
            if (dropout.IsActive)
                fixed (float* values = factors)
                    dropout.Apply(row, values, size);
            rows[row] = Array.ConvertAll(factors, f => (double)f);
        }
        return rows;
    }
}
