using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Models;

/// <summary>How tokens are drawn, checked when made: the caller's arguments.</summary>
internal sealed record Sampling
{
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range; names it, its value and what was expected.</exception>
    public Sampling(double temperature, int? topK, double? topP, int seed)
    {
        RequireArgument(temperature >= 0 && double.IsFinite(temperature), nameof(temperature), temperature, "0 or more and finite");
        RequireArgument(topK is null or > 0, nameof(topK), topK, "1 or more, or null for all");
        RequireArgument(topP is null or (> 0 and <= 1), nameof(topP), topP, "more than 0 and at most 1, or null for all");
        (Temperature, TopK, TopP, Seed) = (temperature, topK ?? int.MaxValue, topP ?? 1, seed);
    }

    /// <summary>What logits are divided by; 0: the most likely token is taken.</summary>
    public double Temperature { get; }

    /// <summary>How many of the most likely tokens are admitted.</summary>
    public int TopK { get; }

    /// <summary>The fewest most likely tokens whose probabilities come to this are admitted (nucleus sampling; Holtzman et al. 2020).</summary>
    public double TopP { get; }

    /// <summary>Same seed, same draws.</summary>
    public int Seed { get; }
}
