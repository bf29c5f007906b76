using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>What searches vary where nothing else is said; a copy to add to and take from.</summary>
public static class HyperparameterSpaces
{
    private const int LongestWindow = 1440, LongestSegment = 48, MostSteps = 128;

    /// <summary>Of any recurrent network: <c>Cell</c>, <c>HiddenSizes</c>, <c>LearningRate</c> and <c>Dropout</c>.</summary>
    /// <typeparam name="TOptions">The options of the trainer.</typeparam>
    /// <example>
    /// <code>
    /// HyperparameterSpace&lt;LstmClassifier.Options&gt; space = HyperparameterSpaces.OfNetwork&lt;LstmClassifier.Options&gt;()
    ///     .Remove("Cell")
    ///     .Add("Bidirectional", [false, true], (options, both) =&gt; options.Bidirectional = both);
    /// </code>
    /// </example>
    public static HyperparameterSpace<TOptions> OfNetwork<TOptions>()
        where TOptions : RecurrentNetworkOptions => new HyperparameterSpace<TOptions>()
        .Add("Cell", [CellKind.Lstm, CellKind.Gru], (options, cell) => options.Cell = cell)
        .Add<int[]>("HiddenSizes", [[16], [32], [64], [128], [32, 32], [64, 64]], (options, sizes) => options.HiddenSizes = sizes)
        .Add("LearningRate", [0.0005f, 0.001f, 0.002f, 0.005f], SetLearningRate)
        .Add("Dropout", [0f, 0.1f, 0.2f, 0.4f], SetDropout);

    /// <summary>
    /// Of a forecaster: those of a network, and <c>WindowSize</c> (horizons, seasons, and the given window with its half and double, up
    /// to a third of the rows), <c>SegmentLength</c> (automatic, single
    /// rows, divisors of the season; automatic where it does not fit the window), <c>ScaleByWindow</c>, <c>LinearSkip</c>, and with times
    /// <c>CalendarFeatures</c> (all that fit, none).
    /// </summary>
    /// <param name="options">The options as given: horizon, window, times.</param>
    /// <param name="seasonLength">The season's length in rows; 1 if there is none.</param>
    /// <param name="rows">Rows of the longest series to train on.</param>
    /// <exception cref="ArgumentException">An argument is less than 1.</exception>
    /// <example>
    /// <code>
    /// var options = new LstmForecaster.Options { InputColumnNames = ["Value"], WindowSize = 24, Horizon = 6 };
    /// HyperparameterSpace&lt;LstmForecaster.Options&gt; space = HyperparameterSpaces.OfForecaster(options, seasonLength: 12, rows:
    /// 400).Remove("LinearSkip");
    /// </code>
    /// </example>
    public static HyperparameterSpace<LstmForecaster.Options> OfForecaster(LstmForecaster.Options options, int seasonLength, int rows)
    {
        ArgumentNullException.ThrowIfNull(options);
        RequireArgument(seasonLength > 0, nameof(seasonLength), seasonLength, "1 or more");
        RequireArgument(rows > 0, nameof(rows), rows, "1 or more");
        HyperparameterSpace<LstmForecaster.Options> space = new HyperparameterSpace<LstmForecaster.Options>()
            .Add("WindowSize", Windows(options.WindowSize, options.Horizon, seasonLength, rows), (own, window) => own.WindowSize = window)
            .Add("SegmentLength", Segments(seasonLength > 1 ? seasonLength : options.Horizon), SetSegment)
            .Add("ScaleByWindow", [false, true], (own, scales) => own.ScaleByWindow = scales)
            .Add("LinearSkip", [true, false], (own, skips) => own.LinearSkip = skips);
        if (options.TimeColumnName is not null)
            space.Add<CalendarFeatures?>(
                "CalendarFeatures", [null, CalendarFeatures.None], (own, calendar) => own.CalendarFeatures = calendar);
        foreach (Search.Hyperparameter<LstmForecaster.Options> one in OfNetwork<LstmForecaster.Options>().All)
            space.Add(one);
        return space;
    }

    /// <summary>The window where none is given: two horizons, or three seasons if that is longer, at most a third of the rows.</summary>
    internal static int WindowOf(int horizon, int season, int rows) =>
        Math.Clamp(Math.Max(2 * horizon, season > 1 ? 3 * season : 0), 1, Math.Max(1, Math.Min(720, rows / 3)));

    private static int[] Windows(int given, int horizon, int season, int rows)
    {
        int most = Math.Min(LongestWindow, Math.Max(1, rows / 3));
        int[] seasons = season > 1 ? [season, 2 * season, 3 * season] : [];
        int[] wanted = [horizon, 2 * horizon, 4 * horizon, given / 2, 2 * given, .. seasons];
        return [.. wanted.Where(window => window >= Math.Min(4, most) && window <= most).Append(Math.Max(1, given)).Distinct().Order()];
    }

    private static int?[] Segments(int period)
    {
        int[] divisors = [.. Enumerable.Range(2, Math.Max(0, Math.Min(period, LongestSegment) - 1)).Where(length => period % length == 0)];
        int?[] some = divisors.Length == 0 ? [] : [divisors[divisors.Length / 2], divisors[^1]];
        return [null, 1, .. some.Distinct()];
    }

    // Single rows of a long window would be as many steps.
    private static void SetSegment(LstmForecaster.Options options, int? length) =>
        options.SegmentLength =
            length is { } rows && (rows == 1 || rows <= options.WindowSize / 2) && options.WindowSize / rows <= MostSteps ? rows : null;

    private static void SetLearningRate<TOptions>(TOptions options, float rate)
        where TOptions : RecurrentNetworkOptions
    {
        if (options.Schedule is { } schedule)
            options.Schedule = schedule with { LearningRate = rate, FinalLearningRate = Math.Min(rate, schedule.FinalLearningRate) };
        else
            options.LearningRate = rate;
    }

    private static void SetDropout<TOptions>(TOptions options, float rate)
        where TOptions : RecurrentNetworkOptions =>
        options.Dropout = options.Dropout with { OutputDropout = rate, LayerDropout = options.HiddenSizes.Count > 1 ? rate : 0 };
}
