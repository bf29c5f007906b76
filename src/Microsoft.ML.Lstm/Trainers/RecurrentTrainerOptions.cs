using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.Lstm;

/// <summary>What all trainers have in common: they learn to predict the label of a row from its sequence.</summary>
public abstract class RecurrentTrainerOptions : RecurrentNetworkOptions
{
    private protected RecurrentTrainerOptions()
    {
    }

    /// <summary>The column to learn. Default: <c>"Label"</c>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The column of sequences: <c>Vector&lt;Single, T, F&gt;</c>, <c>Vector&lt;Single, T&gt;</c>, <c>Vector&lt;Single&gt;</c> (lengths vary), or a
    /// vector of keys: tokens, which get an embedding learned with the network. The missing key, which is what <c>MapValueToKey</c> makes of a value
    /// it has not seen, is a token of its own, the unknown one. Default: <c>"Features"</c>.
    /// </summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>A <c>Single</c> column that says what each row counts in the loss; null: all alike. Default: null.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Values per step of the feature column; null: its last dimension, or 1 if it has only one. A multiple of the last dimension makes one step of
    /// several rows: of a window of 168 hours with 24 seven days. Range: 1 or more, a divisor of the column's size. Default: null.
    /// </summary>
    public int? StepSize { get; set; }

    /// <summary>
    /// A vector of keys, one for each step of a feature column of numeric values: the step is the token's embedding followed by the values. Both columns
    /// must have as many steps in each row. Tokens alone go into <see cref="FeatureColumnName"/>. Default: null.
    /// </summary>
    public string? TokenColumnName { get; set; }

    /// <summary>
    /// Initial vectors of the embedding, found by the text of the tokens' keys; tokens that have none, and the unknown token, begin with the
    /// mean of all. Null: small random values. Default: null.
    /// </summary>
    [JsonIgnore]
    public WordVectors? PretrainedEmbedding { get; set; }

    /// <summary>Whether <see cref="PretrainedEmbedding"/> stays as given rather than being trained on. Default: false.</summary>
    public bool FreezeEmbedding { get; set; }

    /// <summary>Whether every layer also reads the sequence backwards (Schuster and Paliwal 1997). Default: false.</summary>
    [BooleanChoice(false)]
    public bool Bidirectional { get; set; }

    /// <summary>Which sequences <see cref="RecurrentNetworkOptions.ValidationFraction"/> holds out. Default: the last for regression, whose rows are mostly in the order of time; random ones otherwise.</summary>
    public ValidationPart ValidationPart { get; set; }

    /// <summary>
    /// Whether values are brought to mean 0 and standard deviation 1 inside the model, column by column as measured on the training split, so that data need
    /// not be normalised before. Default: true.
    /// </summary>
    public bool ScaleFeatures { get; set; } = true;
}
