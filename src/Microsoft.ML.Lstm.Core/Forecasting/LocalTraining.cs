using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Learns a linear forecast from each channel alone (<see cref="RidgeForecaster"/>), and the share that the network keeps beside them: the
/// best of tenths on the windows held out.
/// </summary>
/// <param name="settings">The geometry, and the seasons that may be.</param>
internal sealed class LocalTraining(ForecastSettings settings)
{
    /// <summary>Weights of all channels at most, 64 MB: of more nothing is learned.</summary>
    public const long MostWeights = 1 << 24;

    // Learned at the same time; of no more the values are held at once.
    private const int ChannelsAtOnce = 64;
    private const int Shares = 10;

    // Of so many horizons held out, of all channels together, half of what they say is believed.
    private const double HalfBelieved = 4;

    // Of fewer windows the latest change what is best, and choosing costs little.
    private const int FewWindows = 200;
    private readonly IReadOnlyList<int> _seasons = settings.Seasons(), _cycles = settings.Step?.Cycles() ?? [];
    private RidgeForecaster?[] _learned = [];

    /// <summary>Channels that are learned at the same time; -1: as many as there are cores.</summary>
    public int Threads { get; init; } = -1;

    /// <summary>Asked now and then, in all processes at once, whether to stop.</summary>
    public Func<bool> IsCancelled { get; init; } = () => false;

    /// <summary>Whether forecasts of so many rows of each channel are small enough to be kept.</summary>
    public bool Fits(IEnumerable<int> rows) => rows.Sum(count => (long)Math.Max(0, MostOf(count)) + 1) * settings.Horizon <= MostWeights;

    /// <summary>Learns them.</summary>
    /// <param name="rows">Rows of each channel to learn from.</param>
    /// <param name="read">Gives a channel's first so many values and its unit; asked for one after the other.</param>
    /// <returns>The forecasts; null: it was cancelled.</returns>
    public LocalForecasts? Learn(IReadOnlyList<int> rows, Func<int, int, (ReadOnlyMemory<float> Values, double Scale)> read)
    {
        _learned = new RidgeForecaster?[rows.Count];
        return LearnAgain(rows, read);
    }

    /// <summary>Learns them from other rows; what was chosen for a channel of many windows stays.</summary>
    /// <inheritdoc cref="Learn(IReadOnlyList{int}, Func{int, int, ValueTuple{ReadOnlyMemory{float}, double}})"/>
    public LocalForecasts? LearnAgain(IReadOnlyList<int> rows, Func<int, int, (ReadOnlyMemory<float> Values, double Scale)> read)
    {
        var learned = new RidgeForecaster?[rows.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Threads };
        for (int first = 0; first < learned.Length; first += ChannelsAtOnce)
        {
            if (IsCancelled())
                return null;
            int start = first, count = Math.Min(ChannelsAtOnce, learned.Length - first);
            (ReadOnlyMemory<float> Values, double Scale)[] channels =
                [.. Enumerable.Range(first, count).Select(channel => read(channel, rows[channel]))];
            Parallel.For(0, count, parallel, i => learned[start + i] = Learn(_learned[start + i], channels[i].Values, channels[i].Scale));
        }
        _learned = learned;
        return new LocalForecasts([.. learned.Select(ToForecast)], networkShare: 0);
    }

    private RidgeForecaster? Learn(RidgeForecaster? before, ReadOnlyMemory<float> values, double scale)
    {
        if (before is not null && values.Length - before.Length - before.Horizon >= FewWindows)
            return before.Refit(values, scale);
        // Most of the series may have another season, or none.
        int own = Season.Find(values.Span, Season.Longest, _cycles);
        int[] seasons = [.. _seasons.Append(own).Where(season => season > 1).Distinct()];
        int length = LengthOf(values.Length, seasons);
        return length < 1 ? null : RidgeForecaster.Fit([values], [scale], length, settings.Horizon, seasons);
    }

    // Of few windows a regression that reads more than the longest season, and the shortest once more, learns little but noise.
    private int LengthOf(int rows, int[] seasons)
    {
        int most = MostOf(rows), longest = seasons.Where(season => season < most).DefaultIfEmpty(0).Max();
        bool hasMany = rows - most - settings.Horizon >= RidgeForecaster.ManyWindows;
        return longest == 0 || hasMany ? most : Math.Min(most, longest + seasons.Min());
    }

    private int MostOf(int rows) => RidgeForecaster.LengthOf(rows, settings.WindowLength, settings.Horizon);

    // A window's own standard deviation is the regression's unit no longer.
    private LinearForecast? ToForecast(RidgeForecaster? own) => own is null || !own.IsFinite ? null
        : new LinearForecast(own.Weights.ToArray(), settings.ScalesByWindow ? new float[settings.Horizon] : own.Intercepts.ToArray());

    /// <summary>
    /// The network's share: with s the best on the windows held out and n how many horizons these are, windows that overlap being one,
    /// 1 − (1 − s)·n / (n + 4). Each channel's errors count relative to those of both forecasts in that channel, so that no wild one decides for all.
    /// </summary>
    /// <param name="network">The network's scores of the windows.</param>
    /// <param name="local">Those of the local forecasts alone, in the same order.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="quantiles">Q.</param>
    /// <returns>The share; 1: nothing but the network.</returns>
    public static float BestShare(IEnumerable<WindowScores> network, IEnumerable<WindowScores> local, LossKind loss, int quantiles)
    {
        var channels = new Dictionary<int, (double[] Errors, int Windows)>();
        int horizon = 1;
        foreach ((WindowScores global, WindowScores own) in network.Zip(local))
        {
            horizon = global.Targets.Length;
            (double[] errors, int windows) = channels.GetValueOrDefault(global.Channel, (new double[Shares + 1], 0));
            Add(errors, global, own, loss, quantiles);
            channels[global.Channel] = (errors, windows + 1);
        }
        double[] sums = new double[Shares + 1];
        double cases = 0;
        foreach ((double[] errors, int windows) in channels.Values)
        {
            double both = errors[0] + errors[Shares];
            if (!(both > 0))
                continue;
            cases += Math.Max(1, (double)windows / horizon);
            for (int tenths = 0; tenths <= Shares; tenths++)
                sums[tenths] += errors[tenths] / both * windows;
        }
        // Of equals that of most of the network.
        double best = (double)Enumerable.Range(0, Shares + 1).Reverse().MinBy(tenths => sums[tenths]) / Shares;
        return (float)(1 - ((1 - best) * cases / (cases + HalfBelieved)));
    }

    private static void Add(double[] errors, WindowScores network, WindowScores local, LossKind loss, int quantiles)
    {
        for (int h = 0; h < network.Targets.Length; h++)
        {
            double actual = network.Target(h), y = network.Output(h, quantiles)[quantiles / 2], l = local.Output(h, quantiles)[quantiles / 2];
            if (!double.IsFinite(actual))
                continue;
            for (int tenths = 0; tenths <= Shares; tenths++)
            {
                double error = Math.Abs(l + ((double)tenths / Shares * (y - l)) - actual);
                errors[tenths] += loss == LossKind.MeanSquaredError ? error * error : error;
            }
        }
    }
}
