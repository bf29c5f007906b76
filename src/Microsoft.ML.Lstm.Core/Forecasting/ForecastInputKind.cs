namespace Microsoft.ML.Lstm;

/// <summary>What a forecast is made from.</summary>
public enum ForecastInputKind
{
    /// <summary>Past values of the series itself.</summary>
    Target,

    /// <summary>Which values are missing.</summary>
    Missing,

    /// <summary>A covariate of which the past is known.</summary>
    PastCovariate,

    /// <summary>A covariate that is known of the future too.</summary>
    FutureCovariate,

    /// <summary>The time of the rows, past and future.</summary>
    Calendar,

    /// <summary>A covariate that is the same in all rows of a series.</summary>
    StaticCovariate,

    /// <summary>Which series it is.</summary>
    Series,
}
