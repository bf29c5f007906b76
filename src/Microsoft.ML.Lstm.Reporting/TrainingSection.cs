namespace Microsoft.ML.Lstm.Reporting;

/// <summary>How the training went, and what was found.</summary>
internal static class TrainingSection
{
    public static ReportSection Of(TrainingHistory history, NetworkDiagnosis diagnosis)
    {
        var section = new ReportSection("Training and findings");
        foreach (Finding finding in diagnosis.Findings)
        {
            string text = Invariant($"{finding.Severity}, {finding.Code}: {finding.Message} {finding.Advice}");
            _ = finding.Severity == FindingSeverity.Information ? section.Text(text) : section.Notice(text);
        }
        if (diagnosis.Findings.Count == 0)
            section.Text("Nothing was found while training.");
        IReadOnlyList<EpochReport> epochs = history.Epochs;
        (double, double)[] validation = [.. epochs.Where(epoch => epoch.ValidationLoss is not null).Select(epoch => (epoch.Epoch + 1.0, epoch.ValidationLoss!.Value))];
        if (epochs.Count > 1)
            section.Chart(new ReportChart
            {
                Caption = "Loss, epoch by epoch.",
                XTitle = "epoch",
                Lines = [new ReportLine("training", [.. epochs.Select(epoch => (epoch.Epoch + 1.0, epoch.Loss))]), .. validation.Length > 0 ? [new ReportLine("held out", validation)] : Array.Empty<ReportLine>()],
            });
        return section.Text(Invariant($"{Plural.Of(epochs.Count, "epoch")}, {epochs.Sum(epoch => epoch.Seconds):F1} s."));
    }
}
