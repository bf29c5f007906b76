using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Forecasting;

public sealed class RidgeSkipTests
{
    private const int Window = 8, Horizon = 5, Segment = 2, Units = 6;
    private static readonly float[] s_values = [.. Enumerable.Range(0, 60).Select(t => 1 + MathF.Sin(0.7f * t) + (0.3f * MathF.Cos(2.1f * t)))];

    [Theory]
    [InlineData(1, 1f)]
    [InlineData(1, 0.3f)]
    [InlineData(1, 0f)]
    [InlineData(3, 1f)]
    [InlineData(3, 0.6f)]
    [InlineData(3, 0f)]
    public void Mix_OfANetworkWithASkip_IsTheShareOfBothForecastsWithTheNetworksQuantiles(int quantiles, float share)
    {
        NetworkSpec spec = Spec(quantiles, Window);
        float[] weights = Weights(spec);

        RequireMixture(spec, weights, Scores(spec, weights), share);
    }

    [Theory]
    [InlineData(1, 0.3f)]
    [InlineData(3, 0.6f)]
    public void Mix_OfANetworkWithoutASkip_IsTheShareOfBothForecasts(int quantiles, float share)
    {
        NetworkSpec apart = Spec(quantiles, skipLength: 0);
        float[] weights = Weights(apart);

        RequireMixture(Spec(quantiles, Window), weights, Scores(apart, weights), share);
    }

    [Fact]
    public void Begin_AnyWeights_ForecastsAsTheRegression()
    {
        NetworkSpec spec = Spec(quantiles: 1, Window);
        float[] weights = Weights(spec);

        Skip(spec).Begin(weights);

        Assert.All(Scores(spec, weights).Zip(Linear()), pair => Assert.Equal(pair.Second, pair.First, 1e-5f));
    }

    // Of the middle quantile, about which the others stand as the network has them.
    private static void RequireMixture(NetworkSpec spec, float[] weights, float[] alone, float share)
    {
        int quantiles = spec.Forecast!.QuantileCount;
        float[] mixed = Scores(spec, Skip(spec).Mix(weights, share)), linear = Linear();
        for (int i = 0; i < mixed.Length; i++)
        {
            int middle = i - (i % quantiles) + (quantiles / 2);
            float expected = (share * alone[middle]) + ((1 - share) * linear[i / quantiles]);
            Assert.Equal(expected + alone[i] - alone[middle], mixed[i], 1e-5f);
        }
    }

    private static NetworkSpec Spec(int quantiles, int skipLength) => new()
    {
        Cell = CellKind.Gru,
        InputSize = Segment,
        HiddenSizes = [Units],
        OutputSize = Horizon * quantiles,
        Forecast = new ForecastSpec
        {
            Horizon = Horizon, SegmentLength = Segment, DecoderSize = Units, SkipLength = skipLength,
            QuantileCount = quantiles, OrderedQuantiles = quantiles > 1,
        },
    };

    private static RidgeForecaster Ridge() => RidgeForecaster.Fit([s_values], [1], Window - 2, Horizon)!;

    private static RidgeSkip Skip(NetworkSpec spec) =>
        new(Ridge(), new ForecastSettings
        {
            WindowLength = Window, Horizon = Horizon, SegmentLength = Segment, TargetCount = 1, SeriesNames = [""], Units = [1],
        }, spec);

    private static float[] Weights(NetworkSpec spec)
    {
        var layout = new ParameterLayout(spec);
        float[] weights = new float[layout.BlockLength];
        WeightInitializer.Fill(weights, layout, spec, new InitializationSpec(), seed: 3);
        // Zero by the initializer.
        if (layout.Contains("skip.weight"))
            for (int i = 0; i < layout["skip.weight"].Length; i++)
                weights[layout["skip.weight"].Offset + i] = 0.01f * ((i % 13) - 6);
        return weights;
    }

    private static SequenceBatch Batch()
    {
        var windows = new ForecastWindows(new() { WindowLength = Window, Horizon = Horizon, SegmentLength = Segment });
        windows.AddOrigins(windows.Add(new ForecastSeries("", 0, s_values)), Window, Window + 10);
        var batch = new SequenceBatch();
        windows.Fill(batch, [.. Enumerable.Range(0, windows.Count)]);
        return batch;
    }

    private static float[] Scores(NetworkSpec spec, float[] weights)
    {
        SequenceBatch batch = Batch();
        float[] outputs = new float[batch.SequenceCount * spec.OutputSize];
        new NetworkScorer(spec, weights).CreateSession().Score(batch, outputs);
        return outputs;
    }

    // The regression over the last values of each window as the batch has them.
    private static float[] Linear()
    {
        RidgeForecaster ridge = Ridge();
        return [.. Enumerable.Range(Window, 11).SelectMany(origin => Enumerable.Range(0, Horizon).Select(h => ridge.Intercepts[h]
            + Enumerable.Range(0, ridge.Length).Sum(i => ridge.Weights[(h * ridge.Length) + i] * s_values[origin - ridge.Length + i])))];
    }
}
