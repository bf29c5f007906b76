using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>Calls that tests make together.</summary>
internal static class EngineCalls
{
    /// <summary>A step, and what it found.</summary>
    public static StepResult Step(this ITrainingEngine engine, SequenceBatch batch, float learningRate)
    {
        engine.TrainStep(batch, learningRate);
        var results = new StepResult[engine.MostUnreadSteps];
        Assert.Equal(1, engine.ReadSteps(results));
        return results[0];
    }

    /// <summary>The gradient of the mean loss, and that loss; 0 when nothing counts.</summary>
    public static double MeanGradient(this ITrainingEngine engine, SequenceBatch batch, Span<float> gradient)
    {
        LossSum loss = engine.ComputeGradient(batch, gradient);
        foreach (ref float g in gradient)
            g = loss.Weight > 0 ? (float)(g / loss.Weight) : g;
        return loss.Weight > 0 ? loss.Mean : 0;
    }

    public static float[] Weights(this ITrainingEngine engine)
    {
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        return weights;
    }
}
