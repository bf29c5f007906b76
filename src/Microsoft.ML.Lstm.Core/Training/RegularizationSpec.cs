using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>Dropout: the probability with which each value is zeroed in training; what remains is divided by one minus it.</summary>
public sealed record RegularizationSpec
{
    /// <summary>On the values that enter the first layer. Range [0, 1). Default: 0.</summary>
    public float InputDropout { get; init; }

    /// <summary>On whole embedding vectors, one draw per token type and batch (Gal and Ghahramani 2016). Range [0, 1). Default: 0.</summary>
    public float EmbeddingDropout { get; init; }

    /// <summary>On the outputs of every layer but the last. Range [0, 1). Default: 0.</summary>
    public float LayerDropout { get; init; }

    /// <summary>On the recurrent state, one mask per sequence (variational; Gal and Ghahramani 2016). Range [0, 1). Default: 0.</summary>
    public float RecurrentDropout { get; init; }

    /// <summary>
    /// On which series a sequence is from: a dropped one is trained as a series that the network has not seen, so that such a one has a forecast too
    /// (<see cref="Network.ForecastSpec.SeriesCount"/>). Range [0, 1). Default: 0.05.
    /// </summary>
    public float SeriesDropout { get; init; } = 0.05f;

    /// <summary>On what the output layer reads. Range [0, 1). Default: 0.</summary>
    public float OutputDropout { get; init; }

    /// <summary>Throws when a rate is out of its range.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Rate(nameof(InputDropout), InputDropout);
        Rate(nameof(EmbeddingDropout), EmbeddingDropout);
        Rate(nameof(LayerDropout), LayerDropout);
        Rate(nameof(RecurrentDropout), RecurrentDropout);
        Rate(nameof(OutputDropout), OutputDropout);
        Rate(nameof(SeriesDropout), SeriesDropout);
    }

    private static void Rate(string name, float rate) => Require(rate is >= 0 and < 1, name, rate, "0 or more and less than 1");
}
