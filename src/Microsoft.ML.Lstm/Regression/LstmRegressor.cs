using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Regression;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;
using static Microsoft.ML.Lstm.Guard;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm;

/// <summary>
/// Learns to answer a sequence with one or several numbers by a recurrent network: LSTM, GRU or simple RNN layers, then a linear layer on
/// their final state, trained by backpropagation through time.
/// </summary>
/// <remarks>
/// <para><b>Input and output columns.</b> The feature column is <c>Vector&lt;Single, T, F&gt;</c> (T steps of F numbers),
/// <c>Vector&lt;Single, T&gt;</c> (F = 1), <c>Vector&lt;Single&gt;</c> (lengths vary from row to row), or a vector of keys; a token column may stand
/// beside it. The label is
/// <c>Single</c>, or <c>Vector&lt;Single, H&gt;</c> for H numbers at once, or with <see cref="Options.LabelEveryStep"/> a number for each step. Output: <c>Score</c>, of the label's type and in its unit, or
/// <c>Vector&lt;Single, H·Q&gt;</c> for Q quantiles; NaN for a row whose sequence is empty or not finite.</para>
/// <para>Rows with NaN in the label, a missing value, are left out of training, as are those with an empty sequence; a warning says how many. An infinity,
/// and NaN in a sequence, is an error.</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Regression</description></item>
/// <item><term>Is normalization required?</term><description>No: the model scales features and labels inside, unless told not to</description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, into memory</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>Microsoft.ML.Lstm</description></item>
/// <item><term>Exportable to ONNX</term><description>No</description></item>
/// </list>
/// </remarks>
public sealed class LstmRegressor : IEstimator<LstmRegressionTransformer>
{
    private readonly IHost _host;
    private readonly TrainerSettings _settings;
    private readonly bool _scaleLabels;
    private readonly bool _predictDifference;
    private readonly WindowNormalization? _normalization;
    private readonly bool _labelEveryStep;
    private readonly bool? _linearSkip;

    internal LstmRegressor(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Loss is null or { Kind: LossKind.SoftmaxCrossEntropy or LossKind.BinaryCrossEntropy } or { LabelSmoothing: not 0 } or { ClassWeights: not null })
            throw new ArgumentException(
                Invariant($"{nameof(options.Loss)} is {options.Loss?.Kind.ToString() ?? "null"}; expected a loss of numbers, without label smoothing and class weights."), nameof(options));
        _host = environment.Register(nameof(LstmRegressor));
        if (options is { LabelEveryStep: true, PredictDifference: true })
            throw new ArgumentException($"{nameof(options.PredictDifference)} is true; expected false, since {nameof(options.LabelEveryStep)} is true.", nameof(options));
        options.ValidateNormalization();
        var settings = new TrainerSettings(_host, options, options.Loss);
        _settings = options.LabelEveryStep ? settings with { Network = settings.Network with { Output = OutputPosition.EveryStep } } : settings;
        (_normalization, _linearSkip) = (options.Normalization, options.LinearSkip);
        (_scaleLabels, _predictDifference, _labelEveryStep) = (options.ScaleLabels, options.PredictDifference, options.LabelEveryStep);
    }

    /// <summary>Trains on all rows but the part that <see cref="RecurrentNetworkOptions.ValidationFraction"/> holds back.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    /// <exception cref="InvalidOperationException">There is no row, or a value is not finite; names column and row.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    /// <exception cref="TrainingDivergedException">The loss became infinite or NaN.</exception>
    public LstmRegressionTransformer Fit(IDataView input) => Fit(input, null, null);

    /// <summary>Trains on all rows of one view and watches the loss on those of another.</summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What to validate on; null: the part that the options hold back.</param>
    public LstmRegressionTransformer Fit(IDataView trainData, IDataView? validationData) => Fit(trainData, validationData, null);

    /// <summary>Continues the training of a model on other data; what of it is kept, <see cref="RecurrentNetworkOptions.InitialModel"/> says.</summary>
    /// <param name="trainData">What to train on.</param>
    /// <param name="initialModel">The model, as this kind of trainer made it.</param>
    /// <exception cref="ArgumentException">The options or the columns are not the model's; names the option or column, its value and the model's.</exception>
    /// <example>
    /// <code>
    /// var first = ml.Regression.Trainers.LstmRegressor("Label", "Features").Fit(trainData);
    /// var options = new LstmRegressor.Options { NumberOfEpochs = 5, LearningRate = 0.0003f, FrozenLayers = 1 };
    /// var fineTuned = ml.Regression.Trainers.LstmRegressor(options).Fit(testData, first);
    /// </code>
    /// </example>
    public LstmRegressionTransformer Fit(IDataView trainData, LstmRegressionTransformer initialModel)
    {
        ArgumentNullException.ThrowIfNull(initialModel);
        return Fit(trainData, null, initialModel);
    }

    private LstmRegressionTransformer Fit(IDataView trainData, IDataView? validationData, LstmRegressionTransformer? initialModel)
    {
        ArgumentNullException.ThrowIfNull(trainData);
        RecurrentModel? initial = _settings.InitialOf(initialModel)?.Model;
        var trainer = new NetworkTrainer(_host, _settings, trainData.Schema, initial);
        var label = new NumberLabel(_host, trainData.Schema, _settings.LabelColumn, _labelEveryStep);
        WindowTransform? window = initial is null
            ? WindowTransforms.For(_host, trainData.Schema, trainer.Input, label, _normalization, _predictDifference)
            : WindowTransforms.Of(_host, trainData.Schema, initial, label, _normalization, _predictDifference);
        SequenceDataset training = trainer.Load(trainData, label, _predictDifference);
        SequenceDataset? validation = validationData is null ? null : trainer.Load(validationData, new NumberLabel(_host, validationData.Schema, label.Name, _labelEveryStep), _predictDifference, isValidation: true);
        LossSpec loss = _settings.Engine.Loss;
        IReadOnlyList<float> quantiles = loss.Kind == LossKind.Quantile ? loss.Quantiles : [];
        if (initial is not null)
            InitialModel.RequireQuantiles(loss, initial.Loss);
        TrainedNetwork network = trainer.Train(label.Size * Math.Max(1, quantiles.Count), loss, _scaleLabels, training, validation, window,
            linearSkip: WindowTransforms.HasLinearSkip(_host, trainer.Input, window, initial, _linearSkip));
        return new LstmRegressionTransformer(_host, network.ToModel(ModelHead.Of(ScoreColumn.For(label, quantiles))));
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        NetworkTrainer.Check(_host, _settings, inputSchema);
        SchemaShape.Column label = NumberLabel.Check(_host, inputSchema, _settings.LabelColumn, _labelEveryStep);
        if (_labelEveryStep)
            return inputSchema.With(SchemaShapes.Column(ScoreColumn.Name, VectorKind.VariableVector, NumberDataViewType.Single));
        bool isScalar = label.Kind == VectorKind.Scalar && _settings.Engine.Loss is not { Kind: LossKind.Quantile, Quantiles.Count: > 1 };
        return inputSchema.With(SchemaShapes.Column(
            ScoreColumn.Name, isScalar ? VectorKind.Scalar : VectorKind.Vector, NumberDataViewType.Single, annotations: isScalar ? null : new SchemaShape([SlotNames.Shape])));
    }

    /// <summary>Options of <see cref="LstmRegressor"/>.</summary>
    public sealed class Options : RecurrentTrainerOptions
    {
        /// <summary>What is minimised: squared, absolute, Huber or quantile loss, on scaled labels. Default: mean squared error.</summary>
        public LossSpec Loss { get; set; } = new();

        /// <summary>
        /// Whether labels are brought to mean 0 and deviation 1 for training, each of several on its own, and scores brought back to the labels'
        /// unit. Default: true.
        /// </summary>
        public bool ScaleLabels { get; set; } = true;

        /// <summary>
        /// Whether the network predicts differences from the last value of the label's own series, which is added to its scores, and is given windows as
        /// they are. That series is the one that <c>WindowSequence</c> says; where the window has another source, the first of a row. Default: false.
        /// </summary>
        public bool PredictDifference { get; set; }

        /// <summary>
        /// How each window, and the label that continues it, is brought to a level of its own, which the model undoes in its scores; a label that
        /// continues no series of the window stays as it is, and where the window does not come from <c>WindowSequence</c>, it continues the first of a
        /// row. Null: <see cref="WindowNormalization.LastValue"/> where <c>WindowSequence</c> cut the window and the label from one series, so that a level
        /// that leaves the training range does no harm; <see cref="WindowNormalization.LastValueAndScale"/> where it tells several apart by a group
        /// column; else none. Default: null.
        /// </summary>
        public WindowNormalization? Normalization { get; set; }

        /// <summary>
        /// Whether the network learns what a linear forecast from the normalised window misses, rather than all. That forecast is part of the model, and
        /// is added to what its network says: no change, the last season or, where it is better by more than chance on windows that it has not seen, a ridge
        /// regression on up to 400 last values of the series that the label continues. Training begins at it, and where the validation loss is not lower than
        /// its own by more than chance, it alone is kept, which the diagnosis says. Null: where windows of a fixed length are normalised and the label
        /// continues one of their series; of an initial model, as that was trained. Default: null. Source: Zeng et al. 2023, "Are Transformers Effective
        /// for Time Series Forecasting?".
        /// </summary>
        public bool? LinearSkip { get; set; }

        /// <summary>
        /// Whether each step of a sequence has a number to learn, rather than the sequence as a whole: the label is then a vector of as many numbers
        /// as the sequence has steps, and so is the score. Default: false.
        /// </summary>
        public bool LabelEveryStep { get; set; }

        internal void ValidateNormalization()
        {
            Require(Normalization is null || Enum.IsDefined(Normalization.Value), nameof(Normalization), Normalization, OneOf<WindowNormalization>());
            bool isNormalized = Normalization is not (null or WindowNormalization.None);
            Require(!isNormalized || !LabelEveryStep, nameof(Normalization), Normalization, $"{WindowNormalization.None} or null, since {nameof(LabelEveryStep)} is true");
            Require(!isNormalized || !PredictDifference, nameof(Normalization), Normalization,
                $"{WindowNormalization.None} or null, since {nameof(PredictDifference)} is true, which normalises the label alone");
            bool mayBeNormalized = Normalization != WindowNormalization.None && !LabelEveryStep && !PredictDifference;
            Require(LinearSkip != true || mayBeNormalized, nameof(LinearSkip), LinearSkip, "false or null, since windows are not normalised");
        }
    }
}
