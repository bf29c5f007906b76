using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Refuses to continue the training of a forecaster under a plan that is not its own.</summary>
internal static class ForecastContinuation
{
    /// <summary>Compares plan and columns with the forecaster's; what the plan leaves open is the forecaster's.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and the forecaster's.</exception>
    public static void Require(ForecastPlan plan, ForecastInput input, ForecastModel initial)
    {
        ForecastSettings settings = initial.Settings;
        RequireColumns(input, initial.Input);
        Same("WindowSize", plan.WindowLength, settings.WindowLength);
        Same("Horizon", plan.Horizon, settings.Horizon);
        Same("SegmentLength", plan.SegmentLength ?? settings.SegmentLength, settings.SegmentLength);
        Same("SeasonLength", plan.SeasonLength ?? settings.SeasonLength, settings.SeasonLength);
        Same("CalendarFeatures", plan.Calendar ?? settings.Calendar, settings.Calendar);
        Same("MissingValues", plan.MissingValues, settings.MissingValues);
        Same("Logarithms", plan.Logarithms ?? settings.PrefersLogarithms, settings.PrefersLogarithms);
        Same("ScaleByWindow", plan.ScalesByWindow, settings.ScalesByWindow);
        Same("SpreadShare", (float)plan.SpreadShare, (float)settings.SpreadShare);
        Same("NumberOfModels", plan.MemberCount, initial.MemberCount);
        RequireNetwork(plan, initial.Spec);
        Same("ConfidenceLevel", Listed(Bounds(plan.Engine.Loss)), Listed(Bounds(initial.Loss)), "bounds at");
    }

    private static void RequireColumns(ForecastInput input, ForecastInput initial)
    {
        Same("InputColumnNames", Listed(input.Targets), Listed(initial.Targets));
        Same("PastCovariateColumnNames", Listed(input.Past.Select(Text)), Listed(initial.Past.Select(Text)));
        Same("FutureCovariateColumnNames", Listed(input.Future.Select(Text)), Listed(initial.Future.Select(Text)));
        Same("StaticCovariateColumnNames", Listed(input.Static.Select(Text)), Listed(initial.Static.Select(Text)));
        Same("GroupColumnName", input.Group, initial.Group);
        Same("TimeColumnName", input.Time, initial.Time);
    }

    private static void RequireNetwork(ForecastPlan plan, NetworkSpec initial)
    {
        Same(nameof(initial.Cell), plan.Network.Cell, initial.Cell);
        Same(nameof(initial.HiddenSizes), Listed(plan.Network.HiddenSizes), Listed(initial.HiddenSizes));
        Same(nameof(initial.LearnedInitialState), plan.Network.LearnedInitialState, initial.LearnedInitialState);
        Same("LinearSkip", plan.LinearSkip, initial.Forecast!.SkipLength > 0);
        if (plan.SeriesEmbeddingSize is { } size)
            Same("SeriesEmbeddingSize", size, initial.Forecast.SeriesSize);
    }

    private static void Same<T>(string option, T asked, T initial, string of = "")
    {
        string prefix = of.Length > 0 ? of + " " : "";
        Guard.Require(EqualityComparer<T>.Default.Equals(asked, initial), option, prefix + Text(asked), prefix + Text(initial) + ", as the initial model has");
    }

    // Which quantiles lie between them is the forecaster's.
    private static IReadOnlyList<float> Bounds(LossSpec loss) => loss.Kind == LossKind.Quantile ? [loss.Quantiles[0], loss.Quantiles[^1]] : [];

    private static string Text(Covariate covariate) => Invariant($"{covariate.Name} ({covariate.Size}{(covariate.IsKey ? " keys" : "")})");

    private static string Text<T>(T value) => value is null ? "null" : Invariant($"{value}");

    private static string Listed<T>(IEnumerable<T> values) => Invariant($"[{string.Join(", ", values.Select(value => Invariant($"{value}")))}]");
}
