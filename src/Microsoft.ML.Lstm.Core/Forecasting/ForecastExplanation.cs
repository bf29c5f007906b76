using System.Text;

namespace Microsoft.ML.Lstm;

/// <summary>
/// What one forecast rests on: <c>Forecast = Level + Base + Σ Contributions + Remainder</c>, all in the unit of the series, or of its logarithm where
/// that is what was learned (<see cref="IsLogarithmic"/>). Made by <see cref="ForecastModel.Explain"/>. Immutable.
/// </summary>
public sealed record ForecastExplanation
{
    /// <summary>The forecast that is explained: of one row of the horizon, or the mean over all.</summary>
    public required double Forecast { get; init; }

    /// <summary>The last known value of the window, which the forecast is relative to.</summary>
    public required double Level { get; init; }

    /// <summary>What the forecaster adds to it when the window is flat and all covariates are average.</summary>
    public required double Base { get; init; }

    /// <summary>What each input in each row adds.</summary>
    public required IReadOnlyList<ForecastContribution> Contributions { get; init; }

    /// <summary>What the contributions leave over: next to nothing by integrated gradients, and how far from linear the forecaster is by input times gradient.</summary>
    public required double Remainder { get; init; }

    /// <summary>How it was divided.</summary>
    public required AttributionMethod Method { get; init; }

    /// <summary>Whether all values are natural logarithms: an input that adds c multiplies the forecast by e^c. Default: false.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>What each input adds in all rows together, the largest first.</summary>
    public IReadOnlyList<ForecastContribution> ByInput => [.. Contributions.GroupBy(one => (one.Input, one.Kind))
        .Select(group => new ForecastContribution(group.Key.Input, group.Key.Kind, 0, group.Sum(one => one.Value)))
        .OrderByDescending(one => Math.Abs(one.Value)).ThenBy(one => one.Input, StringComparer.Ordinal)];

    /// <summary>The sum, input by input.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Invariant($"{(IsLogarithmic ? "In logarithms: " : "")}{Forecast:G6} = {Level:G6} (last value) {Signed(Base)} (base)"));
        foreach (ForecastContribution one in ByInput)
            text.Append(Invariant($" {Signed(one.Value)} ({one.Input}{(one.Kind == ForecastInputKind.Missing ? ", missing" : "")})"));
        return text.Append(Invariant($" {Signed(Remainder)} (remainder)")).ToString();
    }

    private static string Signed(double value) => value < 0 ? Invariant($"− {-value:G4}") : Invariant($"+ {value:G4}");
}
