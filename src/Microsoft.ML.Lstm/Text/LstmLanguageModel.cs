using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Text;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;
using Microsoft.ML.SearchSpace;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Learns to foresee the next token of a text by a recurrent network (Mikolov et al. 2010; Zaremba, Sutskever and Vinyals 2014): words, characters
/// or whatever else is a vector of keys. All rows in their order are one long stream, which is cut into <c>BatchSize</c> parts that are read side
/// by side, <c>StepsPerBatch</c> tokens per update; the recurrent state is carried from update to update and forgotten at the end of an epoch.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> The input column is a vector of keys: words by <c>TokenizeIntoWords</c> and <c>MapValueToKey</c>,
/// characters by <c>TokenizeIntoCharactersAsKeys</c> (with <c>useMarkerCharacters: false</c>, lest every row begins and ends with a marker), or
/// any other. The model's vocabulary is the keys that the training data holds; all others, and the missing key, are the unknown token. Two columns
/// come out, about the token that follows those of the row: <c>PredictedLabel</c>, a key whose values are the vocabulary, and <c>Score</c>,
/// <c>Vector&lt;Single, V&gt;</c>, the probability of each, with slot names. They are missing and NaN for an empty row of a model without an end of
/// row. The transformer also evaluates on a text, and writes.</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Language modelling: the next token</description></item>
/// <item><term>Is normalization required?</term><description>No</description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, into memory</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.Lstm</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class LstmLanguageModel : IEstimator<LstmLanguageModelTransformer>
{
    private readonly IHost _host;
    private readonly NetworkSettings _settings;
    private readonly string _column, _unknown;
    private readonly string? _endOfRow;

    internal LstmLanguageModel(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = environment.Register(nameof(LstmLanguageModel));
        (_column, _unknown, _endOfRow) = (options.InputColumnName, options.UnknownToken, options.EndOfRowToken);
        var settings = new NetworkSettings(_host, options, new LossSpec { Kind = LossKind.SoftmaxCrossEntropy, LabelSmoothing = options.LabelSmoothing });
        int width = settings.Network.HiddenSizes[^1];
        _settings = settings with
        {
            EmbeddingSize = options.EmbeddingSize ?? (options.TiedEmbeddings ? width : settings.EmbeddingSize),
            Network = settings.Network with { Output = OutputPosition.EveryStep, TiedEmbeddings = options.TiedEmbeddings },
            Engine = settings.Engine with { Stateful = true },
            Training = settings.Training with { Order = BatchOrderKind.Streams, ChunkSteps = options.StepsPerBatch },
        };
    }

    /// <summary>Trains on all rows but the end of the text that <see cref="RecurrentNetworkOptions.ValidationFraction"/> holds back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no token to predict, or none is known.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or NaN.</exception>
    public LstmLanguageModelTransformer Fit(IDataView input) => Fit(input, null, null);

    /// <summary>Trains on one text and watches the loss on another.</summary>
    /// <param name="trainData">What to train on; it makes the vocabulary.</param>
    /// <param name="validationData">What to validate on; null: the part that the options hold back.</param>
    public LstmLanguageModelTransformer Fit(IDataView trainData, IDataView? validationData) => Fit(trainData, validationData, null);

    /// <summary>
    /// Continues the training of a model on another text; what of it is kept, <see cref="RecurrentNetworkOptions.InitialModel"/> says. Tokens that its vocabulary has not are read as the
    /// unknown one.
    /// </summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="initialModel">The model, as this kind of trainer made it.</param>
    /// <exception cref="ArgumentException">The options are not the model's; names the option, its value and the model's.</exception>
    public LstmLanguageModelTransformer Fit(IDataView trainData, LstmLanguageModelTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Fit(trainData, null, initialModel);
    }

    private LstmLanguageModelTransformer Fit(IDataView trainData, IDataView? validationData, LstmLanguageModelTransformer? initialModel)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        RecurrentModel? initial = _settings.InitialOf(initialModel)?.Model;
        KeyStream stream = KeyStream.Read(_host, trainData, _column, _settings.CancellationToken);
        Vocabulary vocabulary = initial is null ? stream.Learn(_host, _unknown, _endOfRow) : VocabularyOf(initial);
        SequenceDataset training = KeyStream.ToDataset(stream.ToTokens(_host, vocabulary));
        SequenceDataset? validation = validationData is null ? null
            : KeyStream.ToDataset(KeyStream.Read(_host, validationData, _column, _settings.CancellationToken).ToTokens(_host, vocabulary));
        // A short text makes fewer streams, not an error.
        double trainingPart = validation is null ? 1 - _settings.Training.ValidationFraction : 1;
        int streams = Math.Clamp((int)(training.Length(0) * trainingPart), 1, _settings.Training.BatchSize);
        NetworkSettings settings = _settings with { Training = _settings.Training with { BatchSize = streams } };
        var input = new SequenceInput { Features = new SequenceColumn { Name = _column, VocabularySize = vocabulary.Texts.Count } };
        TrainedNetwork network = new NetworkTraining(_host, settings)
            .Run(input, vocabulary.Texts.Count, settings.Engine.Loss, scaleTargets: false, training, validation, embedding: null, initial);
        return new LstmLanguageModelTransformer(_host, network.ToModel(ModelHead.Of(vocabulary)));
    }

    private Vocabulary VocabularyOf(RecurrentModel initial)
    {
        Vocabulary vocabulary = initial.Head.Vocabulary!;
        InitialModel.Same(nameof(Options.InputColumnName), _column, initial.FeatureColumnName);
        InitialModel.Same(nameof(Options.UnknownToken), _unknown, vocabulary.Texts[Vocabulary.Unknown]);
        InitialModel.Same(nameof(Options.EndOfRowToken), _endOfRow, vocabulary.EndOfRow is { } end ? vocabulary.Texts[end] : null);
        return vocabulary;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        KeyTexts.Check(_host, inputSchema, _column);
        return inputSchema.With(NextTokenColumns.Shapes);
    }

    /// <summary>Options of <see cref="LstmLanguageModel"/>.</summary>
    public sealed class Options : RecurrentNetworkOptions
    {
        /// <summary>Creates options with the defaults of a model of characters or of a small vocabulary: one layer of 256, 20 epochs, patience 3.</summary>
        public Options() => (HiddenSizes, NumberOfEpochs, Patience) = ([256], 20, 3);

        /// <summary>The column of tokens, a vector of keys. Default: <c>"Tokens"</c>.</summary>
        public string InputColumnName { get; set; } = "Tokens";

        /// <summary>
        /// A token put after every row, and before the first, so that the model learns where rows end; where a key has this very text, that key. For
        /// rows that are the lines of a text read by characters, <c>"\n"</c> is apt. Null: rows follow each other with nothing between. Default:
        /// <c>"&lt;eos&gt;"</c>.
        /// </summary>
        public string? EndOfRowToken { get; set; } = "<eos>";

        /// <summary>The token that stands for missing keys and for those that training does not see; where a key has this very text, that key. Default: <c>"&lt;unk&gt;"</c>.</summary>
        public string UnknownToken { get; set; } = "<unk>";

        /// <summary>Tokens of each stream that one update reads, and so the steps over which errors are propagated back. Range: 1 or more. Default: 35 (Zaremba, Sutskever and Vinyals 2014).</summary>
        [Range(10, 200, 35, logBase: true)]
        public int StepsPerBatch { get; set; } = 35;

        /// <summary>
        /// Whether the output layer uses the embedding's weights (Press and Wolf 2017), which for large vocabularies saves most of the parameters.
        /// <see cref="RecurrentNetworkOptions.EmbeddingSize"/> must then be the last layer's units, which it is if not set. Default: false.
        /// </summary>
        public bool TiedEmbeddings { get; set; }

        /// <summary>Part of the target that is spread over all tokens (Szegedy et al. 2016). Range: [0, 1). Default: 0.</summary>
        public float LabelSmoothing { get; set; }

        internal override float DefaultLearningRate => 0.002f;

        internal void Validate()
        {
            Require(!string.IsNullOrEmpty(InputColumnName), nameof(InputColumnName), InputColumnName is null ? "null" : "empty", "the name of a column");
            Require(!string.IsNullOrEmpty(UnknownToken), nameof(UnknownToken), UnknownToken is null ? "null" : "empty", "a text");
            Require(EndOfRowToken != "", nameof(EndOfRowToken), "empty", "a text, or null for no token between rows");
            Require(EndOfRowToken != UnknownToken, nameof(EndOfRowToken), EndOfRowToken ?? "null", $"another text than {nameof(UnknownToken)}");
            Require(DistributedData == DistributedData.All, nameof(DistributedData), DistributedData, $"{DistributedData.All}: a language model holds its text in each process");
            Require(StepsPerBatch > 0, nameof(StepsPerBatch), StepsPerBatch, "1 or more");
            Require(!TiedEmbeddings || HiddenSizes is not { Count: > 0 } || EmbeddingSize is null || EmbeddingSize == HiddenSizes[^1], nameof(TiedEmbeddings), true,
                $"false, unless {nameof(EmbeddingSize)} ({EmbeddingSize}) is the last of {nameof(HiddenSizes)} ({(HiddenSizes is { Count: > 0 } ? HiddenSizes[^1] : 0)})");
        }
    }
}
