using System.Globalization;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Training;

/// <summary>What an engine can do exactly as the managed engine does it; by default everything. What it cannot is refused before training.</summary>
public sealed record EngineCapabilities
{
    /// <summary>Cells. Default: all.</summary>
    public IReadOnlyList<CellKind> Cells { get; init; } = Enum.GetValues<CellKind>();

    /// <summary>Losses. Default: all.</summary>
    public IReadOnlyList<LossKind> Losses { get; init; } = Enum.GetValues<LossKind>();

    /// <summary>Optimisers. Default: all.</summary>
    public IReadOnlyList<OptimizerKind> Optimizers { get; init; } = Enum.GetValues<OptimizerKind>();

    /// <summary>Output positions. Default: all.</summary>
    public IReadOnlyList<OutputPosition> Outputs { get; init; } = Enum.GetValues<OutputPosition>();

    /// <summary>Whether layers can be normalised. Default: true.</summary>
    public bool LayerNormalization { get; init; } = true;

    /// <summary>Whether layers can read in both directions. Default: true.</summary>
    public bool Bidirectional { get; init; } = true;

    /// <summary>Whether the output layer can share the embedding's weights. Default: true.</summary>
    public bool TiedEmbeddings { get; init; } = true;

    /// <summary>Whether the initial state can be learned. Default: true.</summary>
    public bool LearnedInitialState { get; init; } = true;

    /// <summary>Whether a decoder of forecasts can follow the recurrent layers. Default: true.</summary>
    public bool Forecast { get; init; } = true;

    /// <summary>Whether there is dropout on whole embedding vectors. Default: true.</summary>
    public bool EmbeddingDropout { get; init; } = true;

    /// <summary>Whether there is variational dropout on the recurrent state. Default: true.</summary>
    public bool RecurrentDropout { get; init; } = true;

    /// <summary>Whether noise can be added to the gradient. Default: true.</summary>
    public bool GradientNoise { get; init; } = true;

    /// <summary>Whether layers can stay as they are while the rest is trained. Default: true.</summary>
    public bool FrozenLayers { get; init; } = true;

    /// <summary>Whether the state can be carried from batch to batch. Default: true.</summary>
    public bool Stateful { get; init; } = true;

    /// <summary>Refuses what the engine cannot do.</summary>
    /// <exception cref="NotSupportedException">Names the option, its value, what the engine can do, and the engine that can do it.</exception>
    public void Require(TrainingEngine engine, EngineRequest request)
    {
        (NetworkSpec spec, EngineOptions options) = (request.Network, request.Options);
        RequireOneOf(engine, nameof(spec.Cell), spec.Cell, Cells);
        RequireOneOf(engine, nameof(spec.Output), spec.Output, Outputs);
        RequireOneOf(engine, nameof(options.Loss), options.Loss.Kind, Losses);
        RequireOneOf(engine, nameof(options.Optimizer), options.Optimizer.Kind, Optimizers);
        Require(engine, LayerNormalization || !spec.LayerNormalization, nameof(spec.LayerNormalization), true, "false");
        Require(engine, Bidirectional || !spec.Bidirectional, nameof(spec.Bidirectional), true, "false");
        Require(engine, TiedEmbeddings || !spec.TiedEmbeddings, nameof(spec.TiedEmbeddings), true, "false");
        Require(engine, LearnedInitialState || !spec.LearnedInitialState, nameof(spec.LearnedInitialState), true, "false");
        Require(engine, Forecast || spec.Forecast is null, nameof(spec.Forecast), "given", "null");
        RegularizationSpec dropout = options.Regularization;
        Require(engine, EmbeddingDropout || dropout.EmbeddingDropout == 0, nameof(dropout.EmbeddingDropout), dropout.EmbeddingDropout, "0");
        Require(engine, RecurrentDropout || dropout.RecurrentDropout == 0, nameof(dropout.RecurrentDropout), dropout.RecurrentDropout, "0");
        Require(engine, GradientNoise || options.GradientNoise is null, nameof(options.GradientNoise), options.GradientNoise, "null");
        Require(engine, FrozenLayers || options.FrozenLayers == 0, nameof(options.FrozenLayers), options.FrozenLayers, "0");
        Require(engine, Stateful || !options.Stateful, nameof(options.Stateful), true, "false");
    }

    /// <summary>Whether the engine can do what is asked.</summary>
    internal bool Allow(TrainingEngine engine, EngineRequest request)
    {
        try
        {
            Require(engine, request);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static void RequireOneOf<T>(TrainingEngine engine, string option, T value, IReadOnlyList<T> able)
        where T : struct, Enum =>
        Require(engine, able.Contains(value), option, value, $"{(able.Count > 1 ? "one of " : "")}{string.Join(", ", able)}");

    private static void Require(TrainingEngine engine, bool able, string option, object? found, string expected)
    {
        if (!able)
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture,
                $"{option} is {found}; expected {expected} with the engine {engine.Name}. {nameof(TrainingEngine)}.{nameof(TrainingEngine.Managed)} can do it."));
    }
}
