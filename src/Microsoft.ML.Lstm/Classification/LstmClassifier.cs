using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Learns which of several classes a sequence belongs to by a recurrent network: LSTM, GRU or simple RNN layers, then a linear layer on
/// their final state, whose softmax is trained by cross-entropy.
/// </summary>
/// <remarks>
/// <para>Rows whose label is missing (which <c>MapValueToKey</c> makes of a value it has not seen) are left out, as are those with an empty sequence; a warning says how many.
/// A class of which the training data has no row is learned to be improbable.</para>
/// <list type="table">
/// <listheader><term>Input and output columns</term><description>Type</description></listheader>
/// <item><term>Label (input)</term><description>Key: N classes</description></item>
/// <item><term>Features (input)</term><description><c>Vector&lt;Single, T, F&gt;</c>: T steps of F numbers; <c>Vector&lt;Single, T&gt;</c>: F = 1, or
/// <c>StepSize</c>; <c>Vector&lt;Single&gt;</c>: lengths vary; a vector of keys: tokens</description></item>
/// <item><term>Tokens (input, optional)</term><description>Vector of keys, one for each step of numbers</description></item>
/// <item><term>Example weight (input, optional)</term><description><c>Single</c></description></item>
/// <item><term>PredictedLabel</term><description>Key of the most probable class, with the label's values, so that <c>MapKeyToValue</c> gives them
/// back; missing for a row whose sequence is empty or not finite</description></item>
/// <item><term>Score</term><description><c>Vector&lt;Single, N&gt;</c>: the probability of each class, its slots named by the label's values; NaN for
/// a row whose sequence is empty or not finite</description></item>
/// </list>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Multiclass classification</description></item>
/// <item><term>Is normalization required?</term><description>No: the model scales features inside, unless told not to</description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, into memory</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.Lstm</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class LstmClassifier : IEstimator<LstmClassificationTransformer>
{
    private readonly IHost _host;
    private readonly TrainerSettings _settings;
    private readonly ClassWeights _classWeights;

    internal LstmClassifier(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _classWeights = options.ClassWeights ?? throw ClassWeights.Missing(nameof(options.ClassWeights));
        _host = environment.Register(nameof(LstmClassifier));
        _settings = new TrainerSettings(_host, options, new LossSpec { Kind = LossKind.SoftmaxCrossEntropy, LabelSmoothing = options.LabelSmoothing });
    }

    /// <summary>Trains on all rows but the part that <see cref="RecurrentNetworkOptions.ValidationFraction"/> holds back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, only one class, or a value cannot be learned from; names column and row.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or NaN.</exception>
    public LstmClassificationTransformer Fit(IDataView input) => Fit(input, null, null);

    /// <summary>Trains on all rows of one view and watches the loss on those of another.</summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What to validate on, with the same classes; null: the part that the options hold back.</param>
    public LstmClassificationTransformer Fit(IDataView trainData, IDataView? validationData) => Fit(trainData, validationData, null);

    /// <summary>Continues the training of a model on other data; what of it is kept, <see cref="RecurrentNetworkOptions.InitialModel"/> says.</summary>
    /// <param name="trainData">What to train on, with the same classes.</param>
    /// <param name="initialModel">The model, as this kind of trainer made it.</param>
    /// <exception cref="ArgumentException">The options or the columns are not the model's; names the option or column, its value and the model's.</exception>
    public LstmClassificationTransformer Fit(IDataView trainData, LstmClassificationTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Fit(trainData, null, initialModel);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NetworkTrainer.Check(_host, _settings, inputSchema);
        return inputSchema.With(ClassColumns.Shapes(KeyLabel.Check(_host, inputSchema, _settings.LabelColumn)));
    }

    private LstmClassificationTransformer Fit(IDataView trainData, IDataView? validationData, LstmClassificationTransformer? initialModel)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        RecurrentModel? initial = _settings.InitialOf(initialModel)?.Model;
        var label = new KeyLabel(_host, trainData.Schema, _settings.LabelColumn);
        if (initial is not null)
            LabelClasses.Of(initial.Head.Classes!).RequireSame(_host, trainData.Schema[label.Name], label.Classes, "the initial model");
        TrainedNetwork network = ClassifierTraining.Run(_host, _settings, _classWeights, label, trainData, validationData, initial);
        return new LstmClassificationTransformer(
            _host, network.ToModel(ModelHead.Of(ModelTask.MulticlassClassification, ModelColumns.ToModel(label.Classes.Count, label.Classes.Values))));
    }

    /// <summary>Options of <see cref="LstmClassifier"/>.</summary>
    public sealed class Options : RecurrentTrainerOptions
    {
        /// <summary>Creates the default options.</summary>
        public Options() => ValidationPart = ValidationPart.Random;

        /// <summary>What the rows of each class count, times <see cref="RecurrentTrainerOptions.ExampleWeightColumnName"/>. Default: all alike.</summary>
        public ClassWeights ClassWeights { get; set; } = ClassWeights.Equal;

        /// <summary>
        /// ε: the target is 1 − ε on the label's class plus ε / N on every class, which keeps the network from growing too sure of itself
        /// (Szegedy et al. 2016). Range: [0, 1). Default: 0.
        /// </summary>
        public float LabelSmoothing { get; set; }
    }
}
