using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Refuses a forecaster's metadata that contradicts its network or itself: a file can say anything.</summary>
internal static class ForecastValidation
{
    /// <exception cref="InvalidDataException">Says what does not fit.</exception>
    public static void Check(NetworkSpec spec, LossSpec loss, ForecastSettings settings, ForecastInput input, IntervalCalibration? calibration)
    {
        ForecastSpec forecast = spec.Forecast ?? throw new InvalidDataException("The forecaster's network is no forecasting network.");
        Require(settings.SeriesNames is not null && settings.Units is not null && settings.CovariateMeans is not null && settings.CovariateScales is not null
            && settings.StaticMeans is not null && settings.StaticScales is not null && settings.SeriesNames.All(name => name is not null), "settings", "with null in a list", "values");
        Require(input.Targets is { Count: > 0 } && input.Targets.All(name => !string.IsNullOrEmpty(name)), "input", "without the names of its series", "at least one");
        Require(Covariates(input.Past) == settings.PastSize && Covariates(input.Future) == settings.FutureSize && Covariates(input.Static) == settings.StaticSize,
            "covariates", "not as many as the settings say", "as many");
        Require(settings.TargetCount == input.Targets!.Count, "targets", Invariant($"{settings.TargetCount}"), Invariant($"{input.Targets.Count}, one for each column"));
        Require(settings.WindowLength > 0 && settings.SegmentLength > 0 && settings.SegmentLength <= settings.WindowLength && settings.SeasonLength > 0, "window", "without a length", "1 or more");
        Require(forecast.Horizon == settings.Horizon && forecast.SegmentLength == settings.SegmentLength && forecast.TargetCount == 1, "geometry", "other than its network's", "the same");
        Require(spec.InputSize == (long)settings.SegmentLength * settings.FeatureSize && forecast.FutureSize == settings.KnownSize && forecast.StaticSize == settings.StaticSize,
            "features", Invariant($"{settings.FeatureSize} a row"), "what the network reads");
        Require(forecast.SeriesCount == (settings.HasChannels ? settings.SeriesNames!.Count * settings.TargetCount : 0), "series", Invariant($"{settings.SeriesNames!.Count}"), "as many as the network has embeddings of");
        Require(forecast.SkipLength <= settings.WindowLength, "skip", Invariant($"{forecast.SkipLength}"), "at most the window");
        Require(settings.Units!.Count == settings.SeriesNames!.Count * settings.TargetCount && settings.Units.All(unit => unit > 0 && float.IsFinite(unit)), "units", "missing or not positive", "one for each series");
        Require(settings.LogarithmFloors is { Count: 0 } || (settings.LogarithmFloors?.Count == settings.Units.Count && settings.LogarithmFloors.All(floor => floor >= 0 && float.IsFinite(floor))),
            "logarithms", "missing or negative", "a floor for each series, or none");
        Require(settings.SpreadShare is >= 0 and <= 1, "share of the spread", Invariant($"{settings.SpreadShare}"), "0 to 1");
        Require(settings.SeriesNames.Distinct().Count() == settings.SeriesNames.Count, "series", "with a name twice", "each once");
        Require(Scaling(settings.CovariateMeans!, settings.CovariateScales!, settings.PastSize + settings.FutureSize) && Scaling(settings.StaticMeans!, settings.StaticScales!, settings.StaticSize),
            "scaling", "not finite, or of other covariates", "a mean and a positive scale for each");
        Require(Enum.IsDefined(settings.MissingValues) && ((int)settings.Calendar & ~63) == 0, "settings", "with an undefined value", "a defined one");
        Require(Enum.IsDefined(loss.Kind) && (loss.Kind != LossKind.Quantile || loss.Quantiles is not null), "loss", Invariant($"{loss.Kind}"), "a loss of values");
        Require(forecast.QuantileCount == (loss.Kind == LossKind.Quantile ? loss.Quantiles!.Count : 1), "quantiles", Invariant($"{forecast.QuantileCount}"), "as many as its loss has");
        if (calibration is not null)
        {
            Require(calibration.Level is > 0 and < 1 && calibration.Below?.Count == settings.Horizon && calibration.Above?.Count == settings.Horizon
                && calibration.Below.Concat(calibration.Above).All(float.IsFinite), "calibration", "not of its horizon, or not finite", "a value for each step");
            Require(calibration.WindowCount is null or >= 0 && calibration.Movement is null or (>= 0 and < double.PositiveInfinity), "calibration", "of fewer than no windows, or not finite", "0 or more");
            Require(Scores(calibration.BelowScores, settings.Horizon) && Scores(calibration.AboveScores, settings.Horizon) && calibration.BelowScores.Count == calibration.AboveScores.Count,
                "calibration", "with scores that are not of its horizon, or not finite", "finite ones for each step, or none");
        }
    }

    private static bool Scores(IReadOnlyList<IReadOnlyList<float>>? scores, int horizon) =>
        scores is { Count: 0 } || (scores?.Count == horizon && scores.All(step => step is { Count: > 0 } && step.All(float.IsFinite)));

    // A list of nulls is as bad as none.
    private static int Covariates(IReadOnlyList<Covariate>? covariates) =>
        covariates is null || covariates.Any(c => c is null || string.IsNullOrEmpty(c.Name) || c.Size < 1) ? -1 : covariates.Sum(c => c.Size);

    private static bool Scaling(IReadOnlyList<float> means, IReadOnlyList<float> scales, int size) =>
        means.Count == size && scales.Count == size && means.All(float.IsFinite) && scales.All(scale => scale > 0 && float.IsFinite(scale));

    private static void Require(bool holds, string what, string found, string expected)
    {
        if (!holds)
            throw new InvalidDataException(Invariant($"The forecaster's {what} is {found}; expected {expected}."));
    }
}
