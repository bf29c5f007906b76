using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>A trainer's options: those of the network, and the columns it learns from.</summary>
internal sealed record TrainerSettings : NetworkSettings
{
    /// <inheritdoc cref="NetworkSettings(IHost, RecurrentNetworkOptions, LossSpec)"/>
    public TrainerSettings(IHost host, RecurrentTrainerOptions options, LossSpec loss)
        : base(host, options, loss)
    {
        LabelColumn = Named(options.LabelColumnName, nameof(options.LabelColumnName));
        FeatureColumn = Named(options.FeatureColumnName, nameof(options.FeatureColumnName));
        WeightColumn = options.ExampleWeightColumnName is { } weight ? Named(weight, nameof(options.ExampleWeightColumnName)) : null;
        Require(options.StepSize is null or > 0, nameof(options.StepSize), options.StepSize, "1 or more, or null");
        TokenColumn = options.TokenColumnName is { } token ? Named(token, nameof(options.TokenColumnName)) : null;
        PretrainedEmbedding = options.PretrainedEmbedding;
        Require(options.EmbeddingSize is null || PretrainedEmbedding is null || options.EmbeddingSize == PretrainedEmbedding.Size, nameof(options.EmbeddingSize),
            options.EmbeddingSize, $"{PretrainedEmbedding?.Size}, the length of the vectors in {nameof(options.PretrainedEmbedding)}, or null");
        Require(!options.FreezeEmbedding || PretrainedEmbedding is not null, nameof(options.FreezeEmbedding), true,
            $"false, since {nameof(options.PretrainedEmbedding)} is null");
        EmbeddingSize = PretrainedEmbedding?.Size ?? EmbeddingSize;
        (StepSize, ScaleFeatures) = (options.StepSize, options.ScaleFeatures);
        Network = Network with { Bidirectional = options.Bidirectional };
        Engine = Engine with { FreezeEmbedding = options.FreezeEmbedding };
        Training = Training with { ValidationPart = options.ValidationPart };
        Validate();
    }

    public string LabelColumn { get; }

    public string FeatureColumn { get; }

    public string? TokenColumn { get; }

    public string? WeightColumn { get; }

    public int? StepSize { get; }

    /// <summary>Initial vectors of the embedding; null: random values.</summary>
    public WordVectors? PretrainedEmbedding { get; }
}
