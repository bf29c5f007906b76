using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

/// <summary>Linear forecasts of each channel beside the network: what a forecast is, how they are learned, their file, and files that lie.</summary>
public sealed class LocalForecastsTests
{
    private const int Window = 6, Horizon = 2, Quantiles = 3;
    private const float Share = 0.25f;
    private static readonly float[] s_history = [3, 1, 4, 1, 5, 9];

    // Of the first of three series the last two values, of the third the whole window; the second has none.
    private static readonly LinearForecast?[] s_channels =
        [new([0.5f, 2, -1, 3], [10, -4]), null, new([.. Enumerable.Range(0, 12).Select(i => i / 8f)], [1, 2])];

    [Theory]
    [InlineData("a", 6, true)]
    [InlineData("a", 2, true)]
    [InlineData("a", 1, false)]
    [InlineData("b", 6, false)]
    [InlineData("c", 6, true)]
    [InlineData("c", 5, false)]
    [InlineData("new", 6, false)]
    public void Forecast_IsTheMeanOfBothWhereTheWindowIsWhole(string series, int rows, bool isMean)
    {
        float[] history = s_history[^rows..];
        ForecastResult network = Model(null).Forecast(history, series), found = Model(Locals).Forecast(history, series);

        for (int h = 0; h < Horizon; h++)
        {
            float expected = isMean ? (Share * network.Values[h]) + ((1 - Share) * OwnForecast(series, h)) : network.Values[h];
            float shift = expected - network.Values[h];
            Assert.Equal(expected, found.Values[h], 1e-4);
            Assert.Equal(network.LowerBounds[h] + shift, found.LowerBounds[h], 1e-4);
            Assert.Equal(network.UpperBounds[h] + shift, found.UpperBounds[h], 1e-4);
        }
    }

    [Fact]
    public void BestShare_IsTheOneOfLeastErrorAndOfEqualsThatOfMostOfTheNetwork()
    {
        // The network is off by 1 and the own forecast by −4: four fifths of the network are right, and of what is one case a fifth is believed.
        Assert.Equal(1 - (0.2f / 5), LocalTraining.BestShare([Scores(1, 4)], [Scores(-4, 4)], LossKind.MeanAbsoluteError, 1), 1e-6);
        Assert.Equal(1 - (0.3f * 2 / 6), LocalTraining.BestShare(
            [Scores(1, 4), Scores(1, 4)], [Scores(-3, 4), Scores(-2, 4)], LossKind.MeanSquaredError, 1), 1e-6);
        Assert.Equal(1, LocalTraining.BestShare([Scores(1, 4)], [Scores(1, 4)], LossKind.Quantile, 1));
        Assert.Equal(0.8f, LocalTraining.BestShare([Scores(1, 4)], [Scores(0, 4)], LossKind.Quantile, 1), 1e-6);
        Assert.Equal(1, LocalTraining.BestShare([Scores(1, float.NaN)], [Scores(0, float.NaN)], LossKind.Quantile, 1));
    }

    [Fact]
    public void BestShare_OneWildChannel_DoesNotDecideForAll()
    {
        // The network is perfect in nine channels and a thousand times as wrong as that in the tenth, where the own forecast is right.
        WindowScores[] network = [.. Enumerable.Range(0, 10).Select(channel => Scores(channel < 9 ? 0.1f : 1000, 0, channel))];
        WindowScores[] local = [.. Enumerable.Range(0, 10).Select(channel => Scores(channel < 9 ? 1 : 0.5f, 0, channel))];

        Assert.Equal(1, LocalTraining.BestShare(network, local, LossKind.MeanAbsoluteError, 1));
        Assert.InRange(LocalTraining.BestShare(local, network, LossKind.MeanAbsoluteError, 1), 0, 0.3f);
    }

    // A forecast, by how much it is wrong, and what came.
    private static WindowScores Scores(float error, float actual, int channel = 0) =>
        new(channel, Window, new ChannelUnit(1), new WindowLevel(0, 1, new ChannelUnit(1)), new float[] { actual + error }, [actual]);

    [Theory]
    [InlineData(0, 130)]
    [InlineData(65, 130)]
    public void Learn_Cancelled_GivesNothing(int asked, int channels)
    {
        int times = 0;
        var training = new LocalTraining(Settings) { IsCancelled = () => times++ >= asked / 64 };

        Assert.Null(training.Learn([.. Enumerable.Repeat(40, channels)], (channel, count) => (Waves(channel, count), 1)));
        Assert.NotNull(new LocalTraining(Settings) { Threads = 1 }.Learn([40], (channel, count) => (Waves(channel, count), 1)));
    }

    [Fact]
    public void Learn_ASeasonOfItsOwn_IsFound()
    {
        // A season of 9 rows in a noise that hides what a few rows before say.
        var random = new Random(1);
        float[] shape = [5, -3, 8, 0, -7, 2, 6, -4, -6], values = [.. Enumerable.Range(0, 150).Select(i => shape[i % 9] + (2 * random.NextSingle()))];

        LinearForecast own = new LocalTraining(Settings with { WindowLength = 40 }).Learn([150], (_, _) => (values, 1))!.Channels[0]!;

        Assert.Equal(18, own.Length);
    }

    [Fact]
    public void Learn_ScaledByWindows_HasNoIntercepts()
    {
        // A line that rises: the intercept is the rise.
        float[] values = [.. Enumerable.Range(0, 90).Select(i => (float)(i + (0.3 * new Random(i).NextDouble())))];

        LinearForecast plain = new LocalTraining(Settings).Learn([90], (_, _) => (values, 1))!.Channels[0]!;
        LinearForecast scaled = new LocalTraining(Settings with { ScalesByWindow = true }).Learn([90], (_, _) => (values, 1))!.Channels[0]!;

        Assert.Equal(plain.Weights.ToArray(), scaled.Weights.ToArray());
        Assert.Contains(plain.Intercepts.ToArray(), intercept => intercept != 0);
        Assert.All(scaled.Intercepts.ToArray(), intercept => Assert.Equal(0, intercept));
    }

    [Fact]
    public void Learn_EachChannel_GoesByItsOwnRowsAlone()
    {
        var training = new LocalTraining(Settings);
        float[][] series = [.. Enumerable.Range(0, 70).Select(channel => Waves(channel, 40 + channel))];
        int[] rows = [.. series.Select(values => values.Length)];
        rows[3] = 3;

        LocalForecasts found = training.Learn(rows, (channel, count) => (series[channel].AsMemory(0, count), 1 + channel))!;

        Assert.Equal(0, found.NetworkShare);
        Assert.Null(found.Channels[3]);
        foreach (int channel in (int[])[0, 1, 63, 64, 69])
        {
            LinearForecast expected = training.Learn([rows[channel]], (_, _) => (series[channel], 1 + channel))!.Channels[0]!;
            Assert.Equal(expected.Weights.ToArray(), found.Channels[channel]!.Weights.ToArray());
            Assert.Equal(Window, expected.Length);
        }
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(100, false)]
    public void LearnAgain_OtherRows_KeepsWhatWasChosenOfManyWindows(int rows, bool isKept)
    {
        // A short season, and in the later rows another.
        ForecastSettings settings = Settings with { WindowLength = 12, SeasonLength = 4 };
        float[] values = [.. Waves(0, rows), .. Waves(3, rows)];
        var training = new LocalTraining(settings);
        LinearForecast first = training.Learn([rows], Read)!.Channels[0]!, again = training.LearnAgain([2 * rows], Read)!.Channels[0]!;
        LinearForecast fresh = new LocalTraining(settings).Learn([2 * rows], Read)!.Channels[0]!;

        Assert.NotEqual(first.Weights.ToArray(), again.Weights.ToArray());
        Assert.Equal(!isKept, fresh.Weights.Span.SequenceEqual(again.Weights.Span));
        if (isKept)
            Assert.Equal(first.Weights.ToArray(), training.LearnAgain([rows], Read)!.Channels[0]!.Weights.ToArray());

        (ReadOnlyMemory<float>, double) Read(int channel, int count) => (values.AsMemory(0, count), 1);
    }

    [Theory]
    [InlineData(200, 60)]
    [InlineData(30, 12)]
    [InlineData(16, 7)]
    [InlineData(1200, 100)]
    public void Learn_FewWindows_ReadsTheLongestSeasonAndTheShortestOnceMore(int rows, int expected)
    {
        var training = new LocalTraining(Settings with { WindowLength = 100, SeasonLength = 4, Step = TimeStep.Of(TimeSpan.FromHours(3)) });

        Assert.Equal(expected, training.Learn([rows], (_, count) => (Waves(0, count), 1))!.Channels[0]!.Length);
    }

    [Theory]
    [InlineData(24, null, new[] { 24, 168 })]
    [InlineData(48, null, new[] { 48, 336 })]
    [InlineData(12, null, new[] { 12 })]
    [InlineData(1, null, new int[0])]
    [InlineData(24, 60, new[] { 24, 168 })]
    [InlineData(1, 60, new[] { 24, 168 })]
    [InlineData(48, 15, new[] { 48, 96, 672 })]
    [InlineData(7, 1440, new[] { 7, 365 })]
    public void Seasons_OfRows_AreThoseOfTheirTimesOrOfADay(int season, int? minutes, int[] expected)
    {
        TimeStep? step = minutes is { } count ? TimeStep.Of(TimeSpan.FromMinutes(count)) : null;

        Assert.Equal(expected, (Settings with { SeasonLength = season, Step = step }).Seasons());
    }

    [Fact]
    public void Fits_OnlyAsManyWeightsAsAModelShouldHave()
    {
        var training = new LocalTraining(Settings with { WindowLength = 499, Horizon = 500 });

        Assert.True(training.Fits(Enumerable.Repeat(100_000, 67)));
        Assert.False(training.Fits(Enumerable.Repeat(100_000, 68)));
    }

    [Fact]
    public void Read_Saved_ForecastsTheSameBits()
    {
        ForecastModel model = Model(Locals), loaded = Read(file => { });

        Assert.Equal(model.Fingerprint, loaded.Fingerprint);
        Assert.Equal(Share, loaded.NetworkShare);
        foreach (string series in (string[])["a", "b", "c"])
            Assert.Equal(model.Forecast(s_history, series).Values, loaded.Forecast(s_history, series).Values);
        ForecastModel[] others = [Model(null), model, Model(Locals.With(0.5f)), Model(new LocalForecasts([.. s_channels.Reverse()], Share))];
        Assert.Equal(4, others.Select(one => one.Fingerprint).Distinct().Count());
    }

    [Theory]
    [InlineData("""{"NetworkShare":1,"Lengths":[2,0,6]}""", "beside a network's share of 1; expected 0 or more and less than 1")]
    [InlineData("""{"NetworkShare":"NaN","Lengths":[2,0,6]}""", "beside a network's share of NaN")]
    [InlineData("""{"NetworkShare":0.5}""", "of 0 channels; expected 3")]
    [InlineData("""{"NetworkShare":0.5,"Lengths":[2,6]}""", "of 2 channels; expected 3")]
    [InlineData("""{"NetworkShare":0.5,"Lengths":[2,-1,6]}""", "expected 0 to 6")]
    [InlineData("""{"NetworkShare":0.5,"Lengths":[2,0,7]}""", "expected 0 to 6")]
    [InlineData("""{"NetworkShare":0.5,"Lengths":[2,1,6]}""", "in a tensor of shape [20]; expected [24]")]
    [InlineData(null, "in a tensor alone; expected both or neither")]
    [InlineData("[]", "local_forecasts")]
    public void Read_MetadataThatContradictTheFile_AreRefused(string? metadata, string message)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Read(file =>
        {
            if (metadata is null)
                file.Metadata.Remove("local_forecasts");
            else
                file.Metadata["local_forecasts"] = metadata;
        }));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadHeader_LengthsOfMoreValuesThanALongCounts_AreRefused()
    {
        var lying = new SafetensorsWriter();
        lying.Metadata["local_forecasts"] = """{"NetworkShare":0.5,"Lengths":[2147483647,2147483647,2147483647]}""";
        lying.Add<float>("local_forecasts", [20], new float[20]);
        using var saved = new MemoryStream();
        lying.Write(saved);
        saved.Position = 0;
        SafetensorsReader file = SafetensorsReader.ReadHeader(saved);

        InvalidDataException error = Assert.Throws<InvalidDataException>(
            () => LocalForecastsFile.ReadHeader(file, Settings with { WindowLength = int.MaxValue, Horizon = int.MaxValue }));

        Assert.Contains("in a tensor of shape [20]; expected [13835058048839712768]", error.Message, StringComparison.Ordinal);
    }

    private static LocalForecasts Locals => new(s_channels, Share);

    private static ForecastSettings Settings => new()
    {
        WindowLength = Window, Horizon = Horizon, SegmentLength = 1, TargetCount = 1, SeriesNames = ["a", "b", "c"], Units = [2, 3, 4],
    };

    private static ForecastModel Model(LocalForecasts? locals)
    {
        var spec = new NetworkSpec
        {
            Cell = CellKind.Gru, InputSize = 1, HiddenSizes = [4], OutputSize = Horizon * Quantiles,
            Forecast = new ForecastSpec
            {
                Horizon = Horizon, SegmentLength = 1, DecoderSize = 4, SeriesCount = 3, SeriesSize = 2, QuantileCount = Quantiles, OrderedQuantiles = true,
            },
        };
        var random = new Random(1);
        float[] weights = [.. Enumerable.Range(0, new ParameterLayout(spec).BlockLength).Select(_ => random.NextSingle() - 0.5f)];
        return new ForecastModel(
            [new NetworkScorer(spec, weights)], new LossSpec { Kind = LossKind.Quantile, Quantiles = [0.1f, 0.5f, 0.9f] }, Settings,
            new ForecastInput { Targets = ["y"] },
            new IntervalCalibration(0.8, [0.5f, 0.25f], [0.5f, 1]), new TrainingHistory([], TrainingEnd.Completed, 0), new NetworkDiagnosis(), locals: locals);
    }

    // By hand: z is the window less its last value, divided by the series' unit.
    private static float OwnForecast(string series, int step)
    {
        (float unit, int length, LinearForecast own) = series == "a" ? (2f, 2, s_channels[0]!) : (4f, 6, s_channels[2]!);
        double sum = own.Intercepts.Span[step];
        for (int i = 0; i < length; i++)
            sum += own.Weights.Span[(step * length) + i] * (s_history[Window - length + i] - s_history[^1]) / unit;
        return (float)(s_history[^1] + (unit * sum));
    }

    private static float[] Waves(int channel, int count) => [.. Enumerable.Range(0, count).Select(i =>
        (float)(Math.Sin(i * (1 + (channel % 5))) + (0.1 * new Random((channel * 1000) + i).NextDouble())))];

    // The saved model, with metadata that are changed; no checksum tells.
    private static ForecastModel Read(Action<SafetensorsWriter> change)
    {
        using var saved = new MemoryStream();
        ForecastFile.Write(Model(Locals), saved);
        saved.Position = 0;
        SafetensorsReader file = SafetensorsReader.ReadHeader(saved);
        file.ReadValues(saved);
        var changed = new SafetensorsWriter();
        foreach ((string key, string value) in file.Metadata)
            changed.Metadata[key] = value;
        foreach (SafetensorsTensor tensor in file.Tensors)
            changed.Add<float>(tensor.Name, tensor.Shape, file.Values<float>(tensor.Name).ToArray());
        change(changed);
        using var stream = new MemoryStream();
        changed.Write(stream);
        stream.Position = 0;
        return ForecastFile.Read(stream);
    }
}
