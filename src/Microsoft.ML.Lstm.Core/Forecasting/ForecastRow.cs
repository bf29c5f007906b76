namespace Microsoft.ML.Lstm;

/// <summary>
/// A row of a series that arrives row by row (<see cref="ForecastSession"/>): what was measured, and the covariates that the forecaster reads beside it, in the order of its columns.
/// NaN is a missing value.
/// </summary>
public sealed record ForecastRow
{
    /// <summary>The values of the series, one for each target column. Of a row that only says what is known of the future they are not read. Default: none.</summary>
    public IReadOnlyList<float> Targets { get; init; } = [];

    /// <summary>Covariates of which only the past is known: the values of one column after the other, a key as one value of 0 or 1 for each of its own. Default: none.</summary>
    public IReadOnlyList<float> PastCovariates { get; init; } = [];

    /// <summary>Covariates that are known of the future too, laid out likewise. Default: none.</summary>
    public IReadOnlyList<float> FutureCovariates { get; init; } = [];

    /// <summary>When the row is from, on the clock; null: a step after the row before. Default: null.</summary>
    public DateTime? Time { get; init; }
}
