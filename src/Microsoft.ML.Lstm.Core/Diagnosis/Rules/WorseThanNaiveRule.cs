using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>A series is forecast, and on the validation data repeating its last value or its last season costs less than the network.</summary>
internal static class WorseThanNaiveRule
{
    // Within this the network is as good.
    private const double Margin = 1.02;

    public static Finding? Examine(TrainingEvidence e)
    {
        if (e.Naive is not { } naive || e.KeptLoss is not { } loss || !(loss > Margin * naive.Best))
            return null;
        bool seasonal = naive.LastSeason < naive.NoChange;
        return new Finding
        {
            Code = FindingCode.WorseThanNaive,
            Severity = FindingSeverity.Warning,
            Message = Invariant($"The validation loss is {loss:G4}; ")
                + (seasonal
                    ? Invariant($"repeating what was {naive.Season} steps before (\"last season\") would cost {naive.LastSeason:G4}.")
                    : Invariant($"repeating the last value (\"no change\") would cost {naive.NoChange:G4}.")),
            Advice = "Forecast differences from the last value, or normalise each window by itself, so that a level that leaves the training range "
                + (seasonal ? Invariant($"does not matter; make windows of at least {2 * naive.Season} steps, so that the season is seen; ") : "does not matter; ")
                + "train on more data, or use the naive forecast.",
            Evidence = new Dictionary<string, double>
            {
                ["validation loss"] = loss,
                ["loss of no change"] = naive.NoChange,
                ["loss of last season"] = naive.LastSeason ?? double.NaN,
                ["season in steps"] = naive.Season,
            },
        };
    }
}
