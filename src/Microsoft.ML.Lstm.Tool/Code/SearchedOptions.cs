namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>The options that a search varies and no flag says, as C#: those alone that are not the forecaster's defaults.</summary>
internal static class SearchedOptions
{
    /// <summary>An initialiser a line.</summary>
    public static IEnumerable<string> Lines(LstmForecaster.Options options)
    {
        var defaults = new LstmForecaster.Options();
        if (options.SegmentLength is { } segment)
            yield return FormattableString.Invariant($"SegmentLength = {segment}");
        if (options.CalendarFeatures is { } calendar)
            yield return "CalendarFeatures = "
                + string.Join(" | ", calendar.ToString().Split(", ").Select(one => $"Microsoft.ML.Lstm.CalendarFeatures.{one}"));
        if (options.ScaleByWindow != defaults.ScaleByWindow)
            yield return "ScaleByWindow = true";
        if (options.LinearSkip != defaults.LinearSkip)
            yield return "LinearSkip = false";
        if (options.Cell != defaults.Cell)
            yield return $"Cell = CellKind.{options.Cell}";
        if (options.LearningRate is { } rate)
            yield return FormattableString.Invariant($"LearningRate = {rate:R}f");
        if (options.Dropout != defaults.Dropout)
            yield return FormattableString.Invariant(
                $"Dropout = new RegularizationSpec {{ OutputDropout = {options.Dropout.OutputDropout:R}f, ")
                + FormattableString.Invariant($"LayerDropout = {options.Dropout.LayerDropout:R}f }}");
    }
}
