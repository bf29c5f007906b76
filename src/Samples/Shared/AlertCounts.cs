namespace Samples.Shared;

/// <summary>
/// Alerts against labelled windows. Alerts less than 50 rows apart are one. A window is found if an alert lies in it; an alert outside every window is false.
/// </summary>
/// <param name="Windows">Labelled windows after the rows that were learned from.</param>
/// <param name="Found">Those with an alert in them.</param>
/// <param name="False">Alerts outside every window.</param>
/// <param name="Rows">Rows that were scored.</param>
internal readonly record struct AlertCounts(int Windows, int Found, int False, int Rows)
{
    private const int Apart = 50;

    /// <summary>Precision, recall and F1 in one line.</summary>
    public string Summary
    {
        get
        {
            double precision = (double)Found / (Found + False), recall = (double)Found / Windows, f1 = 2 * precision * recall / (precision + recall);
            return FormattableString.Invariant($"{Found} of {Windows} windows found, {False} false alerts in {Rows} rows: precision {precision:F2}, recall {recall:F2}, F1 {f1:F2}");
        }
    }

    public static AlertCounts operator +(AlertCounts a, AlertCounts b) => new(a.Windows + b.Windows, a.Found + b.Found, a.False + b.False, a.Rows + b.Rows);

    /// <summary>Counts the alerts of one series.</summary>
    public static AlertCounts Of(Reading[] rows, bool[] alerts, (DateTime From, DateTime To)[] windows, int known)
    {
        (int falseAlerts, int last) = (0, -Apart);
        var found = new HashSet<int>();
        for (int i = known; i < rows.Length; i++)
        {
            if (!alerts[i])
                continue;
            int window = Array.FindIndex(windows, w => rows[i].Date >= w.From && rows[i].Date <= w.To);
            if (window >= 0)
                found.Add(window);
            else if (i - last >= Apart)
                falseAlerts++;
            last = i;
        }
        return new AlertCounts(windows.Count(window => window.To >= rows[known].Date), found.Count, falseAlerts, rows.Length - known);
    }

    public override string ToString() => FormattableString.Invariant($"{Found} of {Windows} found, {False} false alerts");
}
