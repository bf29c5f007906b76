namespace Microsoft.ML.Lstm.Peers;

/// <summary>How sides are set up.</summary>
internal sealed record ContestOptions
{
    /// <summary>Threads of every side.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>The CUDA device of the Torch sides; null: the CPU.</summary>
    public int? Gpu { get; init; }

    /// <summary>Whether our Torch engine takes part too.</summary>
    public bool WithEngine { get; init; }

    /// <summary>How it rounds the factors of products.</summary>
    public TorchPrecision Precision { get; init; }
}
