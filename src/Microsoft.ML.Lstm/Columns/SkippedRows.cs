using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>
/// Rows that nothing can be learned from: those without a label, and those whose sequence is empty. They are left out, and each column's are told of
/// in one warning.
/// </summary>
/// <param name="host">Where the warnings come from.</param>
/// <param name="features">Name of the column of sequences.</param>
/// <param name="label">Name of the label column.</param>
/// <param name="purpose">What the data is for: "training" or "validation".</param>
internal sealed class SkippedRows(IHost host, string features, string label, string purpose)
{
    private readonly Reason _unlabelled = new(label, "no label", "without a label"), _empty = new(features, "an empty sequence", "with an empty sequence");

    /// <summary>Leaves out a row without a label.</summary>
    public void Unlabelled(long row) => _unlabelled.Add(row);

    /// <summary>Leaves out a row with an empty sequence.</summary>
    public void Empty(long row) => _empty.Add(row);

    /// <summary>Says how many rows were left out, why, and which was the first.</summary>
    /// <param name="kept">Rows that were not.</param>
    public void Warn(int kept)
    {
        if (Found.Length == 0)
            return;
        using IChannel channel = host.Start("Loading");
        foreach (Reason reason in Found)
            channel.Warning(MessageSensitivity.Schema, Invariant(
                $"Column '{reason.Column}' has {reason.What} in {reason.Count} of {Plural.Of(kept + Found.Sum(r => r.Count), "row")} of the {purpose} data, which are left out; the first is row {reason.First}."));
    }

    /// <summary>Refuses data of which no row is left.</summary>
    /// <param name="kept">Rows that were not left out.</param>
    /// <exception cref="InvalidOperationException">There is none; says why.</exception>
    public void RequireAny(int kept)
    {
        if (kept > 0)
            return;
        string beside = Found.Length == 0 ? "" : " beside " + string.Join(" and ", Found.Select(r => Invariant($"{r.Count} {r.Which} (the first is row {r.First})")));
        throw host.Process(new InvalidOperationException(Invariant(
            $"The {purpose} data has 0 rows in the columns '{features}' and '{label}'{beside}; expected at least 1 sequence.")));
    }

    private Reason[] Found => [.. new[] { _unlabelled, _empty }.Where(reason => reason.Count > 0)];

    private sealed class Reason(string column, string what, string which)
    {
        public string Column => column;

        public string What => what;

        public string Which => which;

        public long Count { get; private set; }

        public long First { get; private set; }

        public void Add(long row)
        {
            First = Count == 0 ? row : First;
            Count++;
        }
    }
}
