using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>Inputs are far larger or smaller than 1, or of very different sizes.</summary>
internal static class UnscaledInputsRule
{
    /// <summary>Weights begin at a size made for values around 1: ten times that saturates gates at once.</summary>
    public const double Large = 10;

    /// <summary>A thousandth of that drowns in the biases.</summary>
    public const double Small = 1e-3;

    // Beside an input a thousand times its size, another does not count.
    private const double Ratio = 1000;

    public static Finding? Examine(TrainingEvidence e)
    {
        double[] sizes = [.. e.Data.Features.Where(column => column.StandardDeviation > 0).Select(column => column.Size)];
        if (sizes.Length == 0)
            return null;
        (double largest, double smallest) = (sizes.Max(), sizes.Min());
        if (largest <= Large && largest >= Small && largest <= Ratio * smallest)
            return null;
        int column = e.Data.Features.Select((feature, i) => (feature, i)).Where(c => c.feature.StandardDeviation > 0).MaxBy(c => c.feature.Size).i;
        return new Finding
        {
            Code = FindingCode.UnscaledInputs,
            Severity = FindingSeverity.Warning,
            Message = Invariant($"The inputs are of sizes from {smallest:G3} to {largest:G3} (root mean square; the largest is ")
                + Invariant($"feature {column}); networks are made for sizes around 1."),
            Advice = "Scale the features to mean 0 and standard deviation 1 (ScaleFeatures, or a normalizing step before the trainer).",
            Evidence = new Dictionary<string, double>
            {
                ["largest size"] = largest,
                ["smallest size"] = smallest,
                ["largest feature"] = column,
                ["its mean"] = e.Data.Features[column].Mean,
                ["its standard deviation"] = e.Data.Features[column].StandardDeviation,
            },
        };
    }
}
