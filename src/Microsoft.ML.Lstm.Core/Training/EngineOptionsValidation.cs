using Microsoft.ML.Lstm.Network;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Training;

/// <summary>Checks options against the network that they are for.</summary>
internal static class EngineOptionsValidation
{
    /// <summary>Most threads that anyone may ask for: more than any machine has cores, and few enough for any to start.</summary>
    public const int MostThreads = 1024;

    /// <exception cref="ArgumentException">Names the option, the value and what was expected.</exception>
    public static void Validate(this EngineOptions options, NetworkSpec spec)
    {
        spec.Validate();
        Loss(options.Loss, spec);
        foreach ((string name, float rate) in Rates(options.Regularization))
            Require(rate is >= 0 and < 1, name, rate, "0 or more and less than 1");
        Require(options.ClipNorm is null or > 0, nameof(options.ClipNorm), options.ClipNorm, "more than 0, or null for no limit");
        Require(options.ClipValue is null or > 0, nameof(options.ClipValue), options.ClipValue, "more than 0, or null for no limit");
        Require(options.GradientNoise is null or (> 0 and < float.PositiveInfinity), nameof(options.GradientNoise), options.GradientNoise, "more than 0 and finite, or null for none");
        Require(options.Threads is null or (> 0 and <= MostThreads), nameof(options.Threads), options.Threads, $"1 or more and at most {MostThreads}, or null for all cores");
        float? deviation = options.Initialization.EmbeddingStandardDeviation;
        Require(deviation is null or (> 0 and < float.PositiveInfinity), nameof(InitializationSpec.EmbeddingStandardDeviation), deviation, "more than 0 and finite, or null");
        Require(!options.Stateful || !spec.Bidirectional, nameof(options.Stateful), true, $"false, since {nameof(spec.Bidirectional)} is true: no state can be carried backwards in time");
        Require(!options.Stateful || spec.Forecast is not { SkipLength: > 0 }, nameof(options.Stateful), true,
            $"false, since {nameof(spec.Forecast.SkipLength)} is {spec.Forecast?.SkipLength}: what it reads lies before the chunk");
        Require(!options.FreezeEmbedding || !spec.TiedEmbeddings, nameof(options.FreezeEmbedding), true, $"false, since {nameof(spec.TiedEmbeddings)} is true");
        Require(!spec.LayerNormalization || options.Regularization.RecurrentDropout == 0, nameof(RegularizationSpec.RecurrentDropout),
            options.Regularization.RecurrentDropout, $"0, since {nameof(spec.LayerNormalization)} is true");
    }

    private static void Loss(LossSpec loss, NetworkSpec spec)
    {
        Require(loss.HuberDelta > 0, nameof(loss.HuberDelta), loss.HuberDelta, "more than 0");
        Require(loss.LabelSmoothing is >= 0 and < 1, nameof(loss.LabelSmoothing), loss.LabelSmoothing, "0 or more and less than 1");
        int? classes = loss.Kind switch
        {
            LossKind.SoftmaxCrossEntropy => spec.OutputSize,
            LossKind.BinaryCrossEntropy when spec.OutputSize == 1 => 2,
            _ => null,
        };
        Require(loss.ClassWeights is null || loss.ClassWeights.Count == classes, nameof(loss.ClassWeights),
            Invariant($"{loss.ClassWeights?.Count} weights"), classes is null ? Invariant($"null, since {nameof(loss.Kind)} is {loss.Kind} of {spec.OutputSize} outputs") : Invariant($"{classes}, one for each class"));
        if (spec.Forecast is { } forecast)
        {
            Require(loss.Kind is not (LossKind.SoftmaxCrossEntropy or LossKind.BinaryCrossEntropy), nameof(loss.Kind), loss.Kind, "a loss of values for a forecasting network");
            int quantiles = loss.Kind == LossKind.Quantile ? loss.Quantiles.Count : 1;
            Require(forecast.QuantileCount == quantiles, nameof(forecast.QuantileCount), forecast.QuantileCount, $"{quantiles}, as many as the loss {loss.Kind} takes");
            for (int i = 1; i < loss.Quantiles.Count && forecast.OrderedQuantiles; i++)
                Require(loss.Quantiles[i] > loss.Quantiles[i - 1], nameof(loss.Quantiles), loss.Quantiles[i],
                    $"more than the one before ({loss.Quantiles[i - 1]}), since {nameof(forecast.OrderedQuantiles)} is true");
        }
        if (loss.Kind != LossKind.Quantile)
            return;
        Require(loss.Quantiles.Count > 0 && spec.OutputSize % loss.Quantiles.Count == 0, nameof(loss.Quantiles),
            Invariant($"{loss.Quantiles.Count} quantiles"), $"a divisor of {nameof(spec.OutputSize)} ({spec.OutputSize})");
        foreach (float quantile in loss.Quantiles)
            Require(quantile is > 0 and < 1, nameof(loss.Quantiles), quantile, "more than 0 and less than 1");
    }

    private static IEnumerable<(string Name, float Rate)> Rates(RegularizationSpec spec) =>
    [
        (nameof(spec.InputDropout), spec.InputDropout), (nameof(spec.EmbeddingDropout), spec.EmbeddingDropout),
        (nameof(spec.LayerDropout), spec.LayerDropout), (nameof(spec.RecurrentDropout), spec.RecurrentDropout),
        (nameof(spec.OutputDropout), spec.OutputDropout), (nameof(spec.SeriesDropout), spec.SeriesDropout),
    ];
}
