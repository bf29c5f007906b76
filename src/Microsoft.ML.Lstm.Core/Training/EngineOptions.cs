using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Threading;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Training;

/// <summary>What an engine needs to train besides the architecture. Defaults: <see cref="TrainingDefaults"/>.</summary>
public sealed record EngineOptions
{
    /// <summary>What is minimised. Default: mean squared error.</summary>
    public LossSpec Loss { get; init; } = new();

    /// <summary>How the weights move. Default: Adam.</summary>
    public OptimizerSpec Optimizer { get; init; } = new();

    /// <summary>Dropout. Default: none.</summary>
    public RegularizationSpec Regularization { get; init; } = new();

    /// <summary>The initial weights. Default: Glorot, recurrent ones orthogonal, forget bias 1.</summary>
    public InitializationSpec Initialization { get; init; } = new();

    /// <summary>Largest global norm of the gradient; it is scaled down to that (Pascanu, Mikolov and Bengio 2013). Null: no limit. Default: 1.</summary>
    public float? ClipNorm { get; init; } = TrainingDefaults.ClipNorm;

    /// <summary>Largest magnitude of each gradient element, applied before <see cref="ClipNorm"/>. Null: no limit. Default: null.</summary>
    public float? ClipValue { get; init; }

    /// <summary>
    /// η: normal noise of mean 0 and variance η / (1 + t)^0.55 is added to every element of the clipped gradient at update t, counted from 0
    /// (Neelakantan et al. 2015). Null: none. Default: null.
    /// </summary>
    public float? GradientNoise { get; init; }

    /// <summary>Whether the recurrent state at the end of a batch begins the next (truncated backpropagation through time). Default: false.</summary>
    public bool Stateful { get; init; }

    /// <summary>Whether the embedding stays as given. Default: false.</summary>
    public bool FreezeEmbedding { get; init; }

    /// <summary>
    /// Recurrent layers, from the input on, that stay as they are, together with what stands before them: the embedding, or the layer that reads a forecasting network's
    /// segments. They are left out of the gradient's norm too, as parameters that require no gradient are in PyTorch. The rest, the output layer at least, is trained. Range: 0
    /// to the number of layers. Default: 0, everything is trained.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int FrozenLayers { get; init; }

    /// <summary>Random seed of the initial weights, of dropout and of gradient noise. Default: 0.</summary>
    public int Seed { get; init; }

    /// <summary>Threads to compute with; null: all cores. The result does not depend on it. Default: null.</summary>
    public int? Threads { get; init; }

    /// <summary>Throws when an option is out of its range or does not fit the network.</summary>
    /// <exception cref="ArgumentException">Names the option, the value found and what was expected.</exception>
    public void Validate(NetworkSpec spec)
    {
        spec.Validate();
        Require(Enum.IsDefined(spec.Output), nameof(spec.Output), spec.Output, OneOf<OutputPosition>());
        Given(Loss, nameof(Loss)).Validate(spec.OutputSize);
        Given(Optimizer, nameof(Optimizer)).Validate();
        Given(Regularization, nameof(Regularization)).Validate();
        Given(Initialization, nameof(Initialization)).Validate();
        Require(ClipNorm is null or > 0, nameof(ClipNorm), ClipNorm, "more than 0, or null for no limit");
        Require(ClipValue is null or > 0, nameof(ClipValue), ClipValue, "more than 0, or null for no limit");
        Require(GradientNoise is null or (> 0 and < float.PositiveInfinity), nameof(GradientNoise), GradientNoise, "more than 0 and finite, or null for none");
        Require(Threads is null or (> 0 and <= WorkerTeam.MaxSize), nameof(Threads), Threads, $"1 or more and at most {WorkerTeam.MaxSize}, or null for all cores");
        Require(!Stateful || !spec.Bidirectional, nameof(Stateful), true, $"false, since {nameof(spec.Bidirectional)} is true: no state can be carried backwards in time");
        Require(!Stateful || spec.Forecast is not { SkipLength: > 0 }, nameof(Stateful), true,
            $"false, since {nameof(spec.Forecast.SkipLength)} is {spec.Forecast?.SkipLength}: what it reads lies before the chunk");
        if (spec.Forecast is { } forecast)
            ValidateLoss(forecast);
        Require(!FreezeEmbedding || !spec.TiedEmbeddings, nameof(FreezeEmbedding), true, $"false, since {nameof(spec.TiedEmbeddings)} is true");
        Require(FrozenLayers >= 0 && FrozenLayers <= spec.HiddenSizes.Count, nameof(FrozenLayers), FrozenLayers, $"0 to {spec.HiddenSizes.Count}, the number of layers");
        Require(FrozenLayers == 0 || !spec.TiedEmbeddings, nameof(FrozenLayers), FrozenLayers, $"0, since {nameof(spec.TiedEmbeddings)} is true: the output layer's weights are the embedding's");
        Require(!spec.LayerNormalization || Regularization.RecurrentDropout == 0, nameof(RegularizationSpec.RecurrentDropout),
            Regularization.RecurrentDropout, $"0, since {nameof(spec.LayerNormalization)} is true");
    }

    private void ValidateLoss(ForecastSpec forecast)
    {
        Require(Loss.Kind is not (LossKind.SoftmaxCrossEntropy or LossKind.BinaryCrossEntropy), "Loss." + nameof(Loss.Kind), Loss.Kind, "a loss of values for a forecasting network");
        int quantiles = Loss.Kind == LossKind.Quantile ? Loss.Quantiles.Count : 1;
        Require(forecast.QuantileCount == quantiles, nameof(forecast.QuantileCount), forecast.QuantileCount, $"{quantiles}, as many as the loss {Loss.Kind} takes");
        for (int i = 1; i < Loss.Quantiles.Count && forecast.OrderedQuantiles; i++)
            Require(Loss.Quantiles[i] > Loss.Quantiles[i - 1], nameof(Loss.Quantiles), Loss.Quantiles[i],
                $"more than the one before ({Loss.Quantiles[i - 1]}), since {nameof(forecast.OrderedQuantiles)} is true");
    }

    private static T Given<T>(T? value, string option)
        where T : class
    {
        Require(value is not null, option, null, "a value");
        return value!;
    }
}
