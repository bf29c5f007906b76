using Microsoft.ML.Lstm.Diagnosis.Evidence;

namespace Microsoft.ML.Lstm.Diagnosis.Rules;

/// <summary>The inputs contain the label (see <see cref="LeakSearch"/>): what is learned from that will not hold on new data.</summary>
internal static class LeakedLabelRule
{
    public static Finding? Examine(TrainingEvidence e)
    {
        if (e.Data.Leak is not { } leak)
            return null;
        string input = leak.Feature is { } feature ? Invariant($"feature {feature}") : "the token";
        string step = leak.StepsBack switch
        {
            < 0 => "at the step after it",
            0 => "at the last step, or its own",
            _ => Invariant($"{Plural.Of(leak.StepsBack, "step")} before the last"),
        };
        return new Finding
        {
            Code = FindingCode.LeakedLabel,
            Severity = FindingSeverity.Warning,
            Message = Invariant($"The inputs contain the label: {input} {step} leaves only {leak.Unexplained:P2} of it open."),
            Advice = "If that will not be known when predicting, end the windows before the label, or leave the feature out"
                + (e.Network.Bidirectional && leak.StepsBack < 0 ? ", or set Bidirectional to false." : "."),
            Evidence = new Dictionary<string, double>
            {
                ["feature"] = leak.Feature ?? -1,
                ["steps back"] = leak.StepsBack,
                ["fraction of the label left open"] = leak.Unexplained,
                ["fraction of that input left open by the other steps"] = leak.Context,
            },
        };
    }
}
