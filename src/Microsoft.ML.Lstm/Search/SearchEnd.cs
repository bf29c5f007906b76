namespace Microsoft.ML.Lstm;

/// <summary>Why a search ended.</summary>
public enum SearchEnd
{
    /// <summary>All trials were made, or all settings of the space.</summary>
    Completed,

    /// <summary>Its time was up.</summary>
    TimeLimit,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}
