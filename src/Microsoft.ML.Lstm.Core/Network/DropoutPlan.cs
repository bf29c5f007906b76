namespace Microsoft.ML.Lstm.Network;

/// <summary>The dropout of one training step: a rate for each kind of place, and a key that no two places or steps share.</summary>
internal readonly record struct DropoutPlan
{
    private const int InputPlace = 0, EmbeddingPlace = 1, OutputPlace = 2, SeriesPlace = 3, FirstLayerPlace = 8, PlacesPerLayer = 4, DecoderPlace = 1 << 20;

    /// <summary>No dropout: scoring and evaluation.</summary>
    public static DropoutPlan None => default;

    public float InputRate { get; init; }

    public float EmbeddingRate { get; init; }

    public float LayerRate { get; init; }

    public float RecurrentRate { get; init; }

    public float OutputRate { get; init; }

    public float SeriesRate { get; init; }

    public int LayerCount { get; init; }

    public int Seed { get; init; }

    /// <summary>The training step, counted over the whole run.</summary>
    public long Step { get; init; }

    public Dropout Input => At(InputRate, InputPlace);

    public Dropout Embedding => At(EmbeddingRate, EmbeddingPlace);

    public Dropout Output => At(OutputRate, OutputPlace);

    /// <summary>On a sequence's series, which a dropped one is not to know.</summary>
    public Dropout Series => At(SeriesRate, SeriesPlace);

    /// <summary>On a layer's output; the last layer has none, the output layer's own follows it.</summary>
    public Dropout Layer(int layer) => At(layer < LayerCount - 1 ? LayerRate : 0, FirstLayerPlace + (layer * PlacesPerLayer));

    /// <summary>On a layer's recurrent state.</summary>
    public Dropout Recurrent(int layer, int direction) => At(RecurrentRate, FirstLayerPlace + (layer * PlacesPerLayer) + 1 + direction);

    /// <summary>On the output of a layer of a forecasting network's decoder, as <see cref="Layer"/>.</summary>
    public Dropout DecoderLayer(int layer) => At(layer < LayerCount - 1 ? LayerRate : 0, DecoderPlace + (layer * PlacesPerLayer));

    /// <summary>On the recurrent state of a layer of the decoder.</summary>
    public Dropout DecoderRecurrent(int layer) => At(RecurrentRate, DecoderPlace + (layer * PlacesPerLayer) + 1);

    private Dropout At(float rate, int place) => new(rate, rate > 0 ? Dropout.MixKey(Seed, Step, place) : 0);
}
