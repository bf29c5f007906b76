using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class MemberTrainingTests
{
    private const int Window = 12, Horizon = 5, Segment = 2, Season = 6;

    [Theory]
    [InlineData(1f)]
    [InlineData(-1f)]
    public void Better_OfTwoRegressions_IsTheOneThatForecastsWhatIsHeldOut(float sign)
    {
        // The second series does the opposite of the first, so that what is right of the one is wrong of the other.
        RidgeForecaster ridge = RidgeForecaster.Fit([Values(1200, 1f)], [1], Window, Horizon, [Season])!;
        float[] values = Values(300, sign);
        RidgeForecaster expected = Error(ridge.Plain!, values) < Error(ridge, values) ? ridge.Plain! : ridge;

        Assert.Same(expected, Training().Better(ridge, Windows(values)));
        Assert.Same(sign > 0 ? ridge : ridge.Plain, expected);
    }

    [Fact]
    public void Better_NothingHeldOutOrNoRegression_ChangesNothing()
    {
        RidgeForecaster ridge = RidgeForecaster.Fit([Values(1200, 1f)], [1], Window, Horizon, [Season])!;

        Assert.Same(ridge, Training().Better(ridge, null));
        Assert.Same(ridge.Plain, Training().Better(ridge.Plain, Windows(Values(300, 1f))));
        Assert.Null(Training().Better(null, Windows(Values(300, 1f))));
    }

    private static MemberTraining Training() => new(
        new ForecastPlan
        {
            WindowLength = Window, Horizon = Horizon, Network = Spec, Engine = new EngineOptions { Seed = 1 }, Training = new TrainingOptions(),
            TrainingEngine = TrainingEngine.Managed,
        }, Spec, Settings);

    private static NetworkSpec Spec => new()
    {
        Cell = CellKind.Gru,
        InputSize = Segment,
        HiddenSizes = [4],
        OutputSize = Horizon,
        Forecast = new ForecastSpec { Horizon = Horizon, SegmentLength = Segment, DecoderSize = 4, SkipLength = Window, QuantileCount = 1 },
    };

    private static ForecastSettings Settings => new()
    {
        WindowLength = Window, Horizon = Horizon, SegmentLength = Segment, TargetCount = 1, SeriesNames = [""], Units = [1],
    };

    private static NormalizedWindows Windows(float[] values)
    {
        var windows = new ForecastWindows(new() { WindowLength = Window, Horizon = Horizon, SegmentLength = Segment });
        windows.AddOrigins(windows.Add(new ForecastSeries("", 0, values)), Window, values.Length - Horizon);
        return new NormalizedWindows(windows, Settings, [new ChannelUnit(1)]);
    }

    private static double Error(RidgeForecaster ridge, float[] values)
    {
        double sum = 0;
        float[] forecast = new float[Horizon];
        for (int origin = Window; origin + Horizon <= values.Length; origin++)
        {
            ridge.Forecast(values.AsSpan(0, origin), 1, forecast);
            for (int h = 0; h < Horizon; h++)
                sum += Math.Pow(forecast[h] - values[origin + h], 2);
        }
        return sum;
    }

    // A season with noise on it; of the other sign the season turns over after each time.
    private static float[] Values(int count, float sign)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(t =>
            (MathF.Pow(sign, t / Season) * MathF.Sin(2 * MathF.PI * t / Season)) + (0.5f * (float)random.NextDouble()))];
    }
}
