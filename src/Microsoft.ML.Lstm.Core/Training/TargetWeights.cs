using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// wᵢ, how much each row of targets counts: the sequence's weight times its class's and, where targets may be missing, the fraction that is there.
/// </summary>
internal static class TargetWeights
{
    /// <summary>Checks the targets of a batch against what the network puts out, and weighs each.</summary>
    /// <param name="weights">Receives wᵢ: at least <paramref name="rows"/>.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="network">The network.</param>
    /// <param name="batch">The targets.</param>
    /// <param name="rows">Rows of outputs.</param>
    /// <returns>Σ wᵢ.</returns>
    /// <exception cref="ArgumentException">There are too few or too many targets, or a class is out of its range.</exception>
    public static double Fill(Span<float> weights, LossSpec loss, NetworkSpec network, SequenceBatch batch, int rows)
    {
        Check(loss, network, batch, rows);
        bool everyStep = network.Output == OutputPosition.EveryStep;
        double total = 0;
        for (int t = 0, row = 0; row < rows; t++)
            for (int p = 0; p < (everyStep ? batch.Rows(t) : rows); p++, row++)
                total += weights[row] = batch.Weights[p] * ClassWeight(loss, network, batch, row) * PresentFraction(batch, row);
        return total;
    }

    private static void Check(LossSpec loss, NetworkSpec network, SequenceBatch batch, int rows)
    {
        if (batch.TargetRows != rows)
            throw new ArgumentException(Invariant($"The batch has {Plural.Of(batch.TargetRows, "target")}; expected {rows}, one for each output."));
        int quantiles = loss.Kind == LossKind.Quantile ? loss.Quantiles.Count : 1;
        int expected = loss.TargetsAreClasses ? 0 : network.OutputSize / quantiles;
        if (batch.TargetSize != expected)
            throw new ArgumentException(Invariant($"The batch has {Plural.Of(batch.TargetSize, "value")} per target; expected {expected}."));
    }

    /// <summary>How many of a row's targets are there, of all.</summary>
    private static float PresentFraction(SequenceBatch batch, int row)
    {
        if (!batch.SkipsMissingTargets || batch.TargetSize == 0)
            return 1;
        int present = 0;
        foreach (float target in batch.Targets.Slice(row * batch.TargetSize, batch.TargetSize))
            present += float.IsNaN(target) ? 0 : 1;
        return (float)present / batch.TargetSize;
    }

    private static float ClassWeight(LossSpec loss, NetworkSpec network, SequenceBatch batch, int row)
    {
        if (!loss.TargetsAreClasses)
            return loss.ClassWeights is { } binary ? binary[batch.Targets[row] < 0.5f ? 0 : 1] : 1;
        int target = batch.Classes[row];
        if (target >= network.OutputSize || target < -1)
            throw new ArgumentOutOfRangeException(nameof(target), target, Invariant($"A class is {target}; expected 0 to {network.OutputSize - 1}, or −1 for none."));
        return target < 0 ? 0 : loss.ClassWeights is { } weights ? weights[target] : 1;
    }
}
