namespace Microsoft.ML.Lstm.Export;

/// <summary>What a forecaster reads, as inputs of a graph; empty where it reads none.</summary>
internal sealed record ForecastInputs
{
    /// <summary>The series: [B, n, C].</summary>
    public required string History { get; init; }

    /// <summary>Covariates of the past alone: [B, n, …].</summary>
    public string Past { get; init; } = "";

    /// <summary>Covariates of past and future: [B, n + H, …].</summary>
    public string Future { get; init; } = "";

    /// <summary>Times in seconds since 1970, of past and future: [B, n + H].</summary>
    public string Time { get; init; } = "";

    /// <summary>Covariates that stay the same: [B, …].</summary>
    public string Static { get; init; } = "";

    /// <summary>The number of each series, 0 for one not seen in training: [B].</summary>
    public string Series { get; init; } = "";
}
