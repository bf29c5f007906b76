namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>Settings of a <see cref="ForecastRun"/>.</summary>
internal sealed record ForecastRunOptions
{
    /// <summary>Hours to forecast.</summary>
    public int Horizon { get; init; } = 96;

    /// <summary>Units of the GRU and of the segments' embedding.</summary>
    public int Units { get; init; } = 128;

    /// <summary>Epochs, of every second window each.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Learning rate of the first three epochs; 0.8 times the one before in each that follows.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Dropout before the output layer.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Whether the window also has a linear forecast.</summary>
    public bool Skip { get; init; }

    /// <summary>What is minimised.</summary>
    public LossSpec Loss { get; init; } = new();

    /// <summary>Whether quantiles are built so that they never cross.</summary>
    public bool OrderedQuantiles { get; init; }

    /// <summary>Seed of weights, order and dropout.</summary>
    public int Seed { get; init; } = 1;
}
