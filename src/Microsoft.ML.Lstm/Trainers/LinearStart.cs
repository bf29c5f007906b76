using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>
/// Where the training of a network beside a linear forecast begins, and what is kept where it leads nowhere: the network whose output layer is zero,
/// so that the line alone forecasts.
/// </summary>
internal sealed class LinearStart
{
    private SequenceDataset? _validation;
    private double[] _losses = [];

    private LinearStart(float[] weights) => Weights = weights;

    /// <summary>The weights that it begins at.</summary>
    public float[] Weights { get; }

    /// <summary>What the linear forecast costs on the validation data; null where there is none.</summary>
    public double? Loss { get; private set; }

    /// <summary>Sets an engine's output layer to zero where its windows have a linear forecast.</summary>
    /// <returns>The start; null where they have none, or an initial model's weights are the start.</returns>
    public static LinearStart? Of(ITrainingEngine engine, SequenceDataset training, RecurrentModel? initial)
    {
        if (training.Window?.Linear is null || initial is not null)
            return null;
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        foreach (string name in (string[])["output.weight", "output.bias"])
        {
            ParameterSlice slice = engine.Parameters[name];
            weights.AsSpan(slice.Offset, slice.Length).Clear();
        }
        engine.ImportWeights(weights);
        return new LinearStart(weights);
    }

    /// <summary>Measures what the start costs, before the training, also of one that is resumed: it began here too.</summary>
    public void Measure(TrainingLoop loop, SequenceDataset? validation)
    {
        if (validation is null)
            return;
        (_validation, _losses) = (validation, BlockLosses(loop, validation));
        Loss = loop.Evaluate(validation);
    }

    /// <summary>Whether the network that was trained is no better on the validation data than where it began, but for chance.</summary>
    /// <param name="loop">The loop that trained the engine, which has the weights that training left.</param>
    public bool IsKept(TrainingLoop loop) =>
        _validation is not null && !PairedGains.AreSignificant([.. _losses.Zip(BlockLosses(loop, _validation), (before, after) => before - after)]);

    private static double[] BlockLosses(TrainingLoop loop, SequenceDataset validation)
    {
        double[] losses = new double[PairedGains.BlockCount(validation.Count, validation.LabelGap + 1)];
        for (int block = 0; block < losses.Length; block++)
        {
            int start = PairedGains.BlockStart(block, losses.Length, validation.Count), end = PairedGains.BlockStart(block + 1, losses.Length, validation.Count);
            losses[block] = loop.Evaluate(validation.Range(start, end - start));
        }
        return losses;
    }
}
