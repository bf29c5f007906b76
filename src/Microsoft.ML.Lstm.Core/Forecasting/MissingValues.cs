namespace Microsoft.ML.Lstm;

/// <summary>What a forecaster does where a value is missing: NaN in a row, or a row that the time column shows to be missing. It is always said how many there are, and where the first is.</summary>
public enum MissingValues
{
    /// <summary>The network is told which values are missing, and none of them is learned as a target.</summary>
    Mask,

    /// <summary>The last known value of the series stands in as an input; it is not learned as a target.</summary>
    FillLast,

    /// <summary>The straight line between the neighbours stands in as an input; it is not learned as a target.</summary>
    FillLinear,

    /// <summary>Training is refused, naming series, row and column.</summary>
    Refuse,
}
