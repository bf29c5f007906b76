using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Learns whether something holds of a sequence by a recurrent network: LSTM, GRU or simple RNN layers, then a linear layer on their final
/// state, whose sigmoid is trained by binary cross-entropy.
/// </summary>
/// <remarks>
/// <list type="table">
/// <listheader><term>Input and output columns</term><description>Type</description></listheader>
/// <item><term>Label (input)</term><description>Boolean</description></item>
/// <item><term>Features (input)</term><description><c>Vector&lt;Single, T, F&gt;</c>: T steps of F numbers; <c>Vector&lt;Single, T&gt;</c>: F = 1, or
/// <c>StepSize</c>; <c>Vector&lt;Single&gt;</c>: lengths vary; a vector of keys: tokens</description></item>
/// <item><term>Tokens (input, optional)</term><description>Vector of keys, one for each step of numbers</description></item>
/// <item><term>Example weight (input, optional)</term><description><c>Single</c></description></item>
/// <item><term>PredictedLabel</term><description>Boolean: whether the probability is above ½; false for a row whose sequence is empty or not finite</description></item>
/// <item><term>Score</term><description><c>Single</c>: the logit; NaN for a row whose sequence is empty or not finite</description></item>
/// <item><term>Probability</term><description><c>Single</c>: that of true, the sigmoid of the score</description></item>
/// </list>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Binary classification</description></item>
/// <item><term>Is normalization required?</term><description>No: the model scales features inside, unless told not to</description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, into memory</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.Lstm</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class LstmBinaryClassifier : IEstimator<LstmBinaryClassificationTransformer>
{
    private readonly IHost _host;
    private readonly TrainerSettings _settings;
    private readonly ClassWeights _classWeights;

    internal LstmBinaryClassifier(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _classWeights = options.ClassWeights ?? throw ClassWeights.Missing(nameof(options.ClassWeights));
        _host = environment.Register(nameof(LstmBinaryClassifier));
        _settings = new TrainerSettings(_host, options, new LossSpec { Kind = LossKind.BinaryCrossEntropy });
    }

    /// <summary>Trains on all rows but the part that <see cref="RecurrentNetworkOptions.ValidationFraction"/> holds back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, only one class, or a value cannot be learned from; names column and row.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or NaN.</exception>
    public LstmBinaryClassificationTransformer Fit(IDataView input) => Fit(input, null, null);

    /// <summary>Trains on all rows of one view and watches the loss on those of another.</summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What to validate on; null: the part that the options hold back.</param>
    public LstmBinaryClassificationTransformer Fit(IDataView trainData, IDataView? validationData) => Fit(trainData, validationData, null);

    /// <summary>Continues the training of a model on other data; what of it is kept, <see cref="RecurrentNetworkOptions.InitialModel"/> says.</summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="initialModel">The model, as this kind of trainer made it.</param>
    /// <exception cref="ArgumentException">The options or the columns are not the model's; names the option or column, its value and the model's.</exception>
    public LstmBinaryClassificationTransformer Fit(IDataView trainData, LstmBinaryClassificationTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Fit(trainData, null, initialModel);
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NetworkTrainer.Check(_host, _settings, inputSchema);
        BooleanLabel.Check(_host, inputSchema, _settings.LabelColumn);
        return inputSchema.With(BinaryColumns.Shapes);
    }

    private LstmBinaryClassificationTransformer Fit(IDataView trainData, IDataView? validationData, LstmBinaryClassificationTransformer? initialModel)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        RecurrentModel? initial = _settings.InitialOf(initialModel)?.Model;
        var label = new BooleanLabel(_host, trainData.Schema, _settings.LabelColumn);
        TrainedNetwork network = ClassifierTraining.Run(_host, _settings, _classWeights, label, trainData, validationData, initial);
        return new LstmBinaryClassificationTransformer(_host, network.ToModel(ModelHead.Binary));
    }

    /// <summary>Options of <see cref="LstmBinaryClassifier"/>.</summary>
    public sealed class Options : RecurrentTrainerOptions
    {
        /// <summary>Creates the default options.</summary>
        public Options() => ValidationPart = ValidationPart.Random;

        /// <summary>
        /// What the rows with false and those with true count, times <see cref="RecurrentTrainerOptions.ExampleWeightColumnName"/>; a weight p of
        /// positive examples alone is <c>ClassWeights.Of(1, p)</c>. Default: all alike.
        /// </summary>
        public ClassWeights ClassWeights { get; set; } = ClassWeights.Equal;
    }
}
