using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Text;
using Microsoft.ML.Lstm.Threading;
using Microsoft.ML.Lstm.Trainers;
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
    private static readonly ModelEntry Entry = new("LSTM LAN", LoaderSignature, "Network.safetensors");
    private readonly IHost _host;

    internal LstmLanguageModelTransformer(IHostEnvironment environment, RecurrentModel model)
    {
        _host = environment.Register(nameof(LstmLanguageModelTransformer));
        Model = model;
    }

    /// <summary>The model itself, which predicts and writes without ML.NET too.</summary>
    public RecurrentModel Model { get; }

    /// <summary>How the training went, epoch by epoch; losses are in nats per token.</summary>
    public TrainingHistory History => Model.History;

    /// <summary>Why the network does not learn, if it does not, and what to do about it. The same was told as warnings while training.</summary>
    public NetworkDiagnosis Diagnosis => Model.Diagnosis;

    /// <summary>Name of the column of tokens.</summary>
    public string InputColumnName => Model.FeatureColumnName;

    /// <summary>The texts of the model's tokens: the unknown token, the end of a row if there is one, then those seen in training.</summary>
    public IReadOnlyList<string> Vocabulary => Model.OutputNames;

    /// <inheritdoc cref="RecurrentTransformer.RowsPerBlock"/>
    public int RowsPerBlock
    {
        get;
        set => field = BlockScoring.Require(value);
    } = BlockScoring.DefaultRows;

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc cref="RecurrentTransformer.WithPrecision"/>
    public LstmLanguageModelTransformer WithPrecision(WeightPrecision precision) => new(_host, Model.WithPrecision(precision)) { RowsPerBlock = RowsPerBlock };

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Mapper(input.Schema).Extend(nameof(LstmLanguageModelTransformer), input);
    }

    /// <summary>
    /// Reads all rows as one text, from its beginning to its end, on all cores, and measures how well the model predicted each token. The
    /// figures do not depend on the number of cores.
    /// </summary>
    /// <param name="data">Rows with the column of tokens, in order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no token to predict.</exception>
    public LanguageModelMetrics Evaluate(IDataView data)
    {
        ArgumentNullException.ThrowIfNull(data);
        int[] tokens = KeyStream.Read(_host, data, InputColumnName, CancellationToken.None).ToTokens(_host, Model.Head.Vocabulary!);
        using var team = new WorkerTeam(Math.Min(Environment.ProcessorCount, WorkerTeam.MaxSize));
        return new LanguageModelEvaluation(new NextTokenScorer(Model.Network, team), Model.Head.Vocabulary!).Run(tokens);
    }

    /// <summary>
    /// Writes on from a prompt. A model of characters reads and writes text character by character; a model of words reads words between white
    /// space and writes them with spaces between. What training had not seen is read as the unknown token, which is never written; ends of rows are
    /// written as their text. A character outside the basic plane is two tokens of a model of characters: its halves are put together, and a half that
    /// is written without its partner becomes U+FFFD.
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
        return Model.Generate(prompt, length, temperature, topK, topP, seed ?? Draw());
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
        return Model.GenerateTokens(prompt, length, temperature, topK, topP, seed ?? Draw());
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Entry.Save(ctx, Model.Save);

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        RecurrentModel model = RecurrentModel.ReadEntry(stream);
        return model.Task == ModelTask.LanguageModel
            ? new LstmLanguageModelTransformer(env, model)
            : throw new InvalidDataException(Invariant($"The model is of {model.Task}; expected {ModelTask.LanguageModel}."));
    });

    // A context's generator is not for several threads.
    private int Draw()
    {
        lock (_host)
            return _host.Rand.Next();
    }

    private ExtensionMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ExtensionMapper(inputSchema, new NextTokenColumns(_host, Model, inputSchema, RowsPerBlock));
    }
}
