using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Text;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmLanguageModelTransformer), null, typeof(SignatureLoadModel),
    "LSTM language model", LstmLanguageModelTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>
/// A language model trained by <see cref="LstmLanguageModel"/>: says what follows the tokens of a row, measures how well it foresees a text, and
/// writes text. Lazy, row to row and thread-safe.
/// </summary>
public sealed class LstmLanguageModelTransformer : ITransformer
{
    internal const string LoaderSignature = "LstmLanguageModel";
    private const string VocabularyKey = "vocabulary";
    private static readonly ModelEntry Entry = new("LSTM LAN", LoaderSignature, "Network.safetensors");
    private readonly IHost _host;
    private readonly TrainedNetwork _network;
    private readonly Vocabulary _vocabulary;

    internal LstmLanguageModelTransformer(IHostEnvironment environment, TrainedNetwork network, Vocabulary vocabulary)
    {
        _host = environment.Register(nameof(LstmLanguageModelTransformer));
        (_network, _vocabulary) = (network, vocabulary);
    }

    /// <summary>How the training went, epoch by epoch; losses are in nats per token.</summary>
    public TrainingHistory History => _network.History;

    /// <summary>Why the network does not learn, if it does not, and what to do about it. The same was told as warnings while training.</summary>
    public NetworkDiagnosis Diagnosis => _network.Diagnosis;

    /// <summary>Name of the column of tokens.</summary>
    public string InputColumnName => _network.Input.Features.Name;

    /// <summary>The texts of the model's tokens: the unknown token, the end of a row if there is one, then those seen in training.</summary>
    public IReadOnlyList<string> Vocabulary => _vocabulary.Texts;

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ExtendedDataView(input, Mapper(input.Schema));
    }

    /// <summary>Reads all rows as one text, from its beginning to its end, and measures how well the model foresaw each token.</summary>
    /// <param name="data">Rows with the column of tokens, in order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no token to predict.</exception>
    public LanguageModelMetrics Evaluate(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] tokens = KeyStream.Read(_host, data, InputColumnName, CancellationToken.None).ToTokens(_host, _vocabulary);
        return new LanguageModelEvaluation(new NextTokenScorer(_network.Scorer), _vocabulary).Run(tokens);
    }

    /// <summary>
    /// Writes on from a prompt. A model of characters reads and writes text character by character; a model of words reads words between white
    /// space and writes them with spaces between. What training had not seen is read as the unknown token, which is never written; ends of rows are
    /// written as their text.
    /// </summary>
    /// <param name="prompt">What comes before; may be empty if rows have an end, for it is what a text begins after.</param>
    /// <param name="length">Tokens to write, 1 or more.</param>
    /// <param name="temperature">Divides the logits: below 1 the text is safer, above 1 wilder; 0 takes the most likely token each time. Range: 0 or more.</param>
    /// <param name="topK">Draws among so many most likely tokens only; null: all. Range: 1 or more.</param>
    /// <param name="topP">Draws among the fewest most likely tokens whose probabilities come to this; null: all. Range: (0, 1].</param>
    /// <param name="seed">Same seed, same text; null: drawn from the context.</param>
    /// <returns>What was written, without the prompt.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range; names it, its value and what was expected.</exception>
    public string Generate(string prompt, int length, double temperature = 1, int? topK = null, double? topP = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return _vocabulary.Join(Write(_vocabulary.Tokenize(prompt), length, temperature, topK, topP, seed));
    }

    /// <summary>Writes on from a prompt, token by token: each is computed when it is asked for, so that text can be shown while it is written.</summary>
    /// <param name="prompt">The texts of the tokens that come before.</param>
    /// <param name="length">Most tokens to write, 1 or more.</param>
    /// <param name="temperature">As of <see cref="Generate"/>.</param>
    /// <param name="topK">As of <see cref="Generate"/>.</param>
    /// <param name="topP">As of <see cref="Generate"/>.</param>
    /// <param name="seed">Same seed, same tokens; null: drawn from the context.</param>
    /// <returns>The texts of the tokens.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range; names it, its value and what was expected.</exception>
    public IEnumerable<string> GenerateTokens(
        IEnumerable<string> prompt, int length = int.MaxValue, double temperature = 1, int? topK = null, double? topP = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Write([.. prompt.Select(_vocabulary.Find)], length, temperature, topK, topP, seed);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Entry.Save(ctx, stream => _network.Save(stream, VocabularyKey, _vocabulary));

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        TrainedNetwork network = TrainedNetwork.Load(stream, VocabularyKey, out Vocabulary vocabulary);
        return vocabulary.Texts.Count == network.File.Spec.OutputSize
            ? new LstmLanguageModelTransformer(env, network, vocabulary)
            : throw new InvalidDataException(Invariant($"The vocabulary has {Plural.Of(vocabulary.Texts.Count, "token")}; expected {network.File.Spec.OutputSize}, the network's outputs."));
    });

    private IEnumerable<string> Write(int[] prompt, int length, double temperature, int? topK, double? topP, int? seed)
    {
        if (length < 1)
            throw new ArgumentOutOfRangeException(nameof(length), Invariant($"length is {length}; expected 1 or more."));
        int[] tokens = _vocabulary.EndOfRow is { } first ? [first, .. prompt] : prompt;
        if (tokens.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(prompt), "prompt has 0 tokens; expected at least 1, since the model's rows have no end that a text could begin after.");
        // A context's generator is not for several threads.
        int drawn;
        lock (_host)
            drawn = seed ?? _host.Rand.Next();
        return TextGeneration.Write(_network.Scorer, _vocabulary, tokens, length, new Sampling(temperature, topK, topP, drawn));
    }

    private ExtensionMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ExtensionMapper(inputSchema, new NextTokenColumns(_host, _network.Scorer, _vocabulary, inputSchema, InputColumnName));
    }
}
