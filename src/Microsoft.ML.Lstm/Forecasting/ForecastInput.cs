namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The columns that a forecaster reads, by name. Saved with the model.</summary>
internal sealed record ForecastInput
{
    /// <summary>The series to forecast, one or several: <c>Single</c>.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Covariates known of the past alone: <c>Single</c>, <c>Vector&lt;Single&gt;</c> or keys.</summary>
    public IReadOnlyList<string> Past { get; init; } = [];

    /// <summary>Covariates known of the future too.</summary>
    public IReadOnlyList<string> Future { get; init; } = [];

    /// <summary>Covariates that stay the same for all rows of a series.</summary>
    public IReadOnlyList<string> Static { get; init; } = [];

    /// <summary>Tells series apart; null: all rows are one series.</summary>
    public string? Group { get; init; }

    /// <summary>When each row is from; null: rows are the steps.</summary>
    public string? Time { get; init; }

    /// <summary>All columns.</summary>
    public IEnumerable<string> All => [.. Targets, .. Past, .. Future, .. Static, .. Group is null ? Array.Empty<string>() : [Group], .. Time is null ? Array.Empty<string>() : [Time]];
}
