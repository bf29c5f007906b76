namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The defaults of training, each said once: the options of the loop and the engine begin with them, and so do the settable ones of the ML.NET
/// estimators.
/// </summary>
public static class TrainingDefaults
{
    /// <summary>Most passes over the data: 50.</summary>
    public const int Epochs = 50;

    /// <summary>Sequences per update: 32 (Keras).</summary>
    public const int BatchSize = 32;

    /// <summary>Steps per update of streams: 35 (Zaremba, Sutskever and Vinyals 2014).</summary>
    public const int ChunkSteps = 35;

    /// <summary>The learning rate: 0.001 (Kingma and Ba 2015).</summary>
    public const float LearningRate = 0.001f;

    /// <summary>Largest global norm of the gradient: 1 (Pascanu, Mikolov and Bengio 2013).</summary>
    public const float ClipNorm = 1;

    /// <summary>Fraction of the data held out for validation: 0.1.</summary>
    public const double ValidationFraction = 0.1;

    /// <summary>Epochs without improvement after which training stops: 10.</summary>
    public const int Patience = 10;

    /// <summary>Whether training ends with the weights of the best epoch: true.</summary>
    public const bool RestoreBestWeights = true;

    /// <summary>Epochs between checkpoints: 1.</summary>
    public const int CheckpointEveryEpochs = 1;
}
