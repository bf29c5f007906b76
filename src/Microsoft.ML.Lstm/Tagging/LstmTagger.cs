using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Tagging;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Learns to give each step of a sequence one of several classes by a recurrent network, which by default reads the sequence in both directions,
/// for what a word is often shows only in what follows (Graves and Schmidhuber 2005): layers of LSTM, GRU or simple RNN, then at every step a
/// linear layer, whose softmax is trained by cross-entropy. Each step is predicted on its own; nothing forbids a sequence of tags that cannot be.
/// </summary>
/// <remarks>
/// <para>The label must have as many keys as the sequence has steps. Steps whose label is missing (which <c>MapValueToKey</c> makes of a value it
/// has not seen) are read, but not learned from; so are rows without any label left out, with a warning. Tokens that are missing keys are the
/// unknown token.</para>
/// <list type="table">
/// <listheader><term>Input and output columns</term><description>Type</description></listheader>
/// <item><term>Label (input)</term><description>Vector of keys, one for each step: N classes</description></item>
/// <item><term>Features (input)</term><description>A vector of keys: tokens; <c>Vector&lt;Single, T, F&gt;</c>: T steps of F numbers;
/// <c>Vector&lt;Single, T&gt;</c>: F = 1, or <c>StepSize</c>; <c>Vector&lt;Single&gt;</c>: lengths vary</description></item>
/// <item><term>Tokens (input, optional)</term><description>Vector of keys, one for each step of numbers</description></item>
/// <item><term>Example weight (input, optional)</term><description><c>Single</c>: what each step of the row counts</description></item>
/// <item><term>PredictedLabel</term><description>Vector of keys, one for each step, with the label's values, so that <c>MapKeyToValue</c> gives them
/// back; empty for an empty sequence, and all missing for one that is not finite</description></item>
/// <item><term>Score</term><description><c>Vector&lt;Single&gt;</c> of T·N: at t·N + c the probability of class c (key c + 1) at step t; NaN for a
/// sequence that is not finite</description></item>
/// </list>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Sequence labelling: multiclass classification of every step</description></item>
/// <item><term>Is normalization required?</term><description>No: the model scales features inside, unless told not to</description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, into memory</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.Lstm</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class LstmTagger : IEstimator<LstmTaggingTransformer>
{
    private readonly IHost _host;
    private readonly TrainerSettings _settings;
    private readonly ClassWeights _classWeights;

    internal LstmTagger(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _classWeights = options.ClassWeights ?? throw ClassWeights.Missing(nameof(options.ClassWeights));
        _host = environment.Register(nameof(LstmTagger));
        var settings = new TrainerSettings(_host, options, new LossSpec { Kind = LossKind.SoftmaxCrossEntropy, LabelSmoothing = options.LabelSmoothing });
        _settings = settings with { Network = settings.Network with { Output = OutputPosition.EveryStep } };
    }

    /// <summary>Trains on all rows but the part that <see cref="RecurrentNetworkOptions.ValidationFraction"/> holds back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, only one class, label and sequence are of different lengths, or a value cannot be learned from; names column and row.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or NaN.</exception>
    public LstmTaggingTransformer Fit(IDataView input) => Fit(input, null, null);

    /// <summary>Trains on all rows of one view and watches the loss on those of another.</summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What to validate on, with the same classes; null: the part that the options hold back.</param>
    public LstmTaggingTransformer Fit(IDataView trainData, IDataView? validationData) => Fit(trainData, validationData, null);

    /// <summary>Continues the training of a model on other data; what of it is kept, <see cref="RecurrentNetworkOptions.InitialModel"/> says.</summary>
    /// <param name="trainData">What to train on, with the same classes.</param>
    /// <param name="initialModel">The model, as this kind of trainer made it.</param>
    /// <exception cref="ArgumentException">The options or the columns are not the model's; names the option or column, its value and the model's.</exception>
    public LstmTaggingTransformer Fit(IDataView trainData, LstmTaggingTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Fit(trainData, null, initialModel);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NetworkTrainer.Check(_host, _settings, inputSchema);
        return inputSchema.With(TagColumns.Shapes(TagLabel.Check(_host, inputSchema, _settings.LabelColumn)));
    }

    private LstmTaggingTransformer Fit(IDataView trainData, IDataView? validationData, LstmTaggingTransformer? initialModel)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        RecurrentModel? initial = _settings.InitialOf(initialModel)?.Model;
        var label = new TagLabel(_host, trainData.Schema, _settings.LabelColumn);
        if (initial is not null)
            LabelClasses.Of(initial.Head.Classes!).RequireSame(_host, trainData.Schema[label.Name], label.Classes, "the initial model");
        TrainedNetwork network = ClassifierTraining.Run(_host, _settings, _classWeights, label, trainData, validationData, initial);
        return new LstmTaggingTransformer(_host, network.ToModel(ModelHead.Of(ModelTask.Tagging, ModelColumns.ToModel(label.Classes.Count, label.Classes.Values))));
    }

    /// <summary>Options of <see cref="LstmTagger"/>.</summary>
    public sealed class Options : RecurrentTrainerOptions
    {
        /// <summary>Creates the default options: one layer of 64 in both directions, validation on random rows.</summary>
        public Options() => (HiddenSizes, Bidirectional, ValidationPart) = ([64], true, ValidationPart.Random);

        /// <summary>What the steps of each class count, times <see cref="RecurrentTrainerOptions.ExampleWeightColumnName"/>. Default: all alike.</summary>
        public ClassWeights ClassWeights { get; set; } = ClassWeights.Equal;

        /// <summary>
        /// ε: the target is 1 − ε on the label's class plus ε / N on every class, which keeps the network from growing too sure of itself
        /// (Szegedy et al. 2016). Range: [0, 1). Default: 0.
        /// </summary>
        public float LabelSmoothing { get; set; }
    }
}
