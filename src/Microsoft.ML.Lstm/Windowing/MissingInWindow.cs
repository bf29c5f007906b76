namespace Microsoft.ML.Lstm;

/// <summary>What <c>WindowSequence</c> does with values of a series that are missing (NaN) or infinite.</summary>
public enum MissingInWindow
{
    /// <summary>Reading the windows throws; names the series' column and the row. Default.</summary>
    Refuse,

    /// <summary>Windows that have one, in themselves or in their label, are left out; how many is said once.</summary>
    Skip,

    /// <summary>They stay in the windows: trainers refuse such windows, models score them NaN.</summary>
    Keep,
}
