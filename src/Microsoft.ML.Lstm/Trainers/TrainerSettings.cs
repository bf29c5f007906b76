using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

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
        (StepSize, ScaleFeatures) = (options.StepSize, options.ScaleFeatures);
        Network = Network with { Bidirectional = options.Bidirectional };
        Training = Training with { ValidationPart = options.ValidationPart };
        Validate();
    }

    public string LabelColumn { get; }

    public string FeatureColumn { get; }

    public string? WeightColumn { get; }

    public int? StepSize { get; }
}
