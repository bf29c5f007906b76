using System.Text.Json.Serialization;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// The architecture of a network: what a saved model needs besides its weights. Immutable.
/// <para>A step's input is the embedding of its token (when <see cref="VocabularySize"/> &gt; 0) followed by
/// <see cref="InputSize"/> numbers; then the recurrent layers; then one linear output layer.</para>
/// </summary>
public sealed record NetworkSpec
{
    /// <summary>The recurrence of every layer. Default: <see cref="CellKind.Lstm"/>.</summary>
    public CellKind Cell { get; init; } = CellKind.Lstm;

    /// <summary>Numbers per step; 0 when a step is only a token.</summary>
    public int InputSize { get; init; }

    /// <summary>Number of distinct tokens; 0 when a step has no token. Tokens are 0 … <see cref="VocabularySize"/> − 1.</summary>
    public int VocabularySize { get; init; }

    /// <summary>Length of a token's embedding; 0 exactly when <see cref="VocabularySize"/> is.</summary>
    public int EmbeddingSize { get; init; }

    /// <summary>Units of each recurrent layer, first layer first. Default: one layer of 32.</summary>
    public IReadOnlyList<int> HiddenSizes { get; init; } = [32];

    /// <summary>Whether every layer also reads the sequence backwards; its output is then twice as wide, forward half first.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Numbers per output: horizons, classes, or vocabulary.</summary>
    public int OutputSize { get; init; }

    /// <summary>Which steps have an output. Default: the last.</summary>
    public OutputPosition Output { get; init; } = OutputPosition.LastStep;

    /// <summary>Whether the initial state of each layer is learned; it is zero otherwise.</summary>
    public bool LearnedInitialState { get; init; }

    /// <summary>Whether LSTM layers normalise their pre-activations and cell state (Ba, Kiros and Hinton 2016).</summary>
    public bool LayerNormalization { get; init; }

    /// <summary>Whether the output layer's weight is the embedding's (Press and Wolf 2017).</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>What makes it a forecasting network; null for one that is not. Default: null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ForecastSpec? Forecast { get; init; }

    /// <summary>Directions each layer reads in: 1 or 2.</summary>
    [JsonIgnore]
    public int Directions => Bidirectional ? 2 : 1;

    /// <summary>Numbers that enter the first recurrent layer at a step.</summary>
    [JsonIgnore]
    public int StepSize => EmbeddingSize + InputSize;

    /// <summary>Numbers that enter recurrent layer <paramref name="layer"/> at a step.</summary>
    public int LayerInputSize(int layer) =>
        layer > 0 ? HiddenSizes[layer - 1] * Directions : Forecast is { EmbedsSegments: true } forecast ? forecast.DecoderSize : StepSize;

    /// <summary>Numbers that the output layer reads.</summary>
    [JsonIgnore]
    public int TopSize => HiddenSizes[^1] * Directions;

    /// <summary>Throws when the parts do not fit together.</summary>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Require(Enum.IsDefined(Cell), nameof(Cell), Cell, OneOf<CellKind>());
        Require(InputSize >= 0, nameof(InputSize), InputSize, "0 or more");
        Require(VocabularySize >= 0, nameof(VocabularySize), VocabularySize, "0 or more");
        Require(EmbeddingSize > 0 == VocabularySize > 0, nameof(EmbeddingSize), EmbeddingSize,
            VocabularySize > 0 ? Invariant($"more than 0, since {nameof(VocabularySize)} is {VocabularySize}") : $"0, since {nameof(VocabularySize)} is 0");
        Require(EmbeddingSize > 0 || InputSize > 0, nameof(InputSize), InputSize, "more than 0, since there are no tokens");
        Require(HiddenSizes is { Count: > 0 }, nameof(HiddenSizes), "no layer", "at least one layer");
        Require(HiddenSizes.Count <= NetworkSize.MaxLayers, nameof(HiddenSizes), Invariant($"{HiddenSizes.Count} layers"), $"at most {NetworkSize.MaxLayers} layers");
        foreach (int size in HiddenSizes)
            Require(size > 0, nameof(HiddenSizes), size, "more than 0 in every layer");
        Require(OutputSize > 0, nameof(OutputSize), OutputSize, "more than 0");
        Forecast?.Validate(this);
        NetworkSize.Validate(this);
        Require(!LayerNormalization || Cell == CellKind.Lstm, nameof(LayerNormalization), true, $"false, since {nameof(Cell)} is {Cell}: only LSTM layers have it");
        Require(!TiedEmbeddings || (VocabularySize == OutputSize && EmbeddingSize == TopSize), nameof(TiedEmbeddings), true,
            $"false, unless {nameof(OutputSize)} ({OutputSize}) is {nameof(VocabularySize)} ({VocabularySize}) and the last layer's width ({TopSize}) is {nameof(EmbeddingSize)} ({EmbeddingSize})");
    }
}
