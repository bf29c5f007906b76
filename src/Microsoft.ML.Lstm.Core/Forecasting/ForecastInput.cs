using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The columns that a forecaster reads, by name. Saved with the model.</summary>
internal sealed record ForecastInput
{
    /// <summary>The series to forecast, one or several: <c>Single</c>.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Covariates known of the past alone.</summary>
    public IReadOnlyList<Covariate> Past { get; init; } = [];

    /// <summary>Covariates known of the future too.</summary>
    public IReadOnlyList<Covariate> Future { get; init; } = [];

    /// <summary>Covariates that stay the same for all rows of a series.</summary>
    public IReadOnlyList<Covariate> Static { get; init; } = [];

    /// <summary>Tells series apart; null: all rows are one series.</summary>
    public string? Group { get; init; }

    /// <summary>When each row is from; null: rows are the steps.</summary>
    public string? Time { get; init; }

    /// <summary>All columns.</summary>
    [JsonIgnore]
    public IEnumerable<string> All =>
        [.. Targets, .. Past.Concat(Future).Concat(Static).Select(covariate => covariate.Name), .. new[] { Group, Time }.OfType<string>()];
}
