using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm;

public sealed partial class RecurrentModel
{
    /// <summary>Saves the weights alone as a .safetensors file under PyTorch's names: <c>rnn.weight_ih_l0</c>, <c>output.weight</c>,
    /// <c>embedding.weight</c>.</summary>
    /// <param name="path">Where to.</param>
    public void SaveWeights(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, SaveWeights);
    }

    /// <inheritdoc cref="SaveWeights(string)" path="/*[not(self::param)]"/>
    /// <param name="stream">Where to; it need not seek, and stays open.</param>
    public void SaveWeights(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var file = new SafetensorsWriter();
        ReadOnlyMemory<float> weights = _network.ExportWeights();
        foreach (ParameterSlice slice in _network.Layout.Slices)
            file.Add(slice.Name, slice.Shape, weights.Slice(slice.Offset, slice.Length));
        file.Write(stream);
    }

    /// <summary>
    /// This model with other weights: those of a .safetensors file that <see cref="SaveWeights(string)"/> wrote, or that PyTorch wrote of a
    /// network of the same architecture, whatever its modules are called.
    /// </summary>
    /// <param name="path">Where it is; tensors that belong to no module of the network are ignored. F32, F64, F16 and BF16 are
    /// read.</param>
    /// <returns>The new model; this one stays as it is.</returns>
    /// <exception cref="InvalidDataException">A tensor is missing, of another shape, NaN or infinite, or several may be meant; names the
    /// file and the tensor.</exception>
    /// <example>
    /// <code>
    /// RecurrentModel model = RecurrentModel.Load("model.zip");
    /// model.SaveWeights("weights.safetensors");
    /// RecurrentModel tuned = model.LoadWeights("tuned.safetensors");
    /// </code>
    /// </example>
    public RecurrentModel LoadWeights(string path) => LoadWeights(path, new WeightNames());

    /// <inheritdoc cref="LoadWeights(string)" path="/*[not(self::param)]"/>
    /// <param name="path">Where it is.</param>
    /// <param name="names">What the modules are called, where the file alone does not tell.</param>
    public RecurrentModel LoadWeights(string path, WeightNames names)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileFormat.Load(path, "weights file", stream => LoadWeights(stream, names));
    }

    /// <inheritdoc cref="LoadWeights(string)" path="/*[not(self::param)]"/>
    /// <param name="stream">Where from; it is read to its end and stays open.</param>
    public RecurrentModel LoadWeights(Stream stream) => LoadWeights(stream, new WeightNames());

    /// <inheritdoc cref="LoadWeights(string, WeightNames)" path="/*[not(self::param)]"/>
    /// <param name="stream">Where from; it is read to its end and stays open.</param>
    /// <param name="names">What the modules are called, where the file alone does not tell.</param>
    public RecurrentModel LoadWeights(Stream stream, WeightNames names) =>
        new(this, new NetworkScorer(Spec, ReadWeights(stream, _network.Layout, Spec, names), Precision));

    /// <summary>
    /// This model with its matrices of weights stored in another precision. As <see cref="WeightPrecision.BFloat16"/> they are half as large, and a single sequence, of which each step
    /// reads all weights of the network, is predicted faster: 1.6 times at 512 units, little below 100; for many sequences at once it makes no difference. Arithmetic stays in single
    /// precision: what changes is each weight, by at most 1/256 of itself, and with that the outputs: measure by how much on your data. A file saved of such
    /// a model has the rounded weights, as floats, and is loaded in this precision again; rounding cannot be undone.
    /// </summary>
    /// <param name="precision">How they are stored.</param>
    /// <returns>The new model; this one stays as it is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    /// <example>
    /// <code>
    /// RecurrentModel model = RecurrentModel.Load("model.zip").WithPrecision(WeightPrecision.BFloat16);
    /// float[] forecast = model.Predict(window);
    /// </code>
    /// </example>
    public RecurrentModel WithPrecision(WeightPrecision precision)
    {
        Guard.RequireArgument(Enum.IsDefined(precision), nameof(precision), precision, Guard.OneOf<WeightPrecision>());
        return precision == Precision ? this : new RecurrentModel(this, _network.WithPrecision(precision));
    }

    /// <summary>A model of a network that PyTorch trained: an <c>Embedding</c>, an <c>LSTM</c>, <c>GRU</c> or <c>RNN</c>, and a
    /// <c>Linear</c>.</summary>
    /// <param name="path">A .safetensors file of its state dict. F32, F64, F16 and BF16 are read.</param>
    /// <param name="spec">Its architecture.</param>
    /// <param name="names">What the modules are called; null: as the file tells.</param>
    /// <param name="classNames">
    /// Names of the classes, for a network whose outputs are logits: a tagger where each step has outputs. Null: outputs are values.
    /// </param>
    /// <returns>The model; nothing is scaled before the network or after it.</returns>
    /// <exception cref="ArgumentException">The architecture does not fit together, or there are not as many names as outputs.</exception>
    /// <exception cref="InvalidDataException">A tensor is missing, of another shape, NaN or infinite, or several may be meant; names the
    /// file and the tensor.</exception>
    /// <example>
    /// <code>
    /// using Microsoft.ML.Lstm.Network;
    ///
    /// var spec = new NetworkSpec { Cell = CellKind.Gru, InputSize = 7, HiddenSizes = [64, 64], OutputSize = 3 };
    /// RecurrentModel model = RecurrentModel.FromWeights("model.safetensors", spec, classNames: ["walk", "run", "rest"]);
    /// string? activity = model.PredictClass(window);
    /// </code>
    /// </example>
    public static RecurrentModel FromWeights(string path, NetworkSpec spec, WeightNames? names = null,
        IReadOnlyList<string>? classNames = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(spec);
        Guard.Require(spec.Forecast is null, nameof(spec.Forecast), "there", "null: PyTorch has no such module");
        Guard.Require(classNames is null || classNames.Count == spec.OutputSize, nameof(classNames),
            Plural.Of(classNames?.Count ?? 0, "name"),
            $"{spec.OutputSize}, the network's {nameof(spec.OutputSize)}");
        var layout = new ParameterLayout(spec);
        var file = new ModelFile
        {
            Spec = spec,
            Loss = new LossSpec { Kind = classNames is null ? LossKind.MeanSquaredError : LossKind.SoftmaxCrossEntropy },
            Weights = FileFormat.Load(path, "weights file", stream => ReadWeights(stream, layout, spec, names ?? new WeightNames())),
        };
        return new RecurrentModel(file, null, ImportedInput(spec), ImportedHead(spec, classNames),
            new TrainingHistory([], TrainingEnd.Completed, null), new NetworkDiagnosis());
    }

    private static float[] ReadWeights(Stream stream, ParameterLayout layout, NetworkSpec spec, WeightNames names)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(names);
        SafetensorsReader file = SafetensorsReader.ReadHeader(stream);
        // Before any value is read, so that nothing but what the network needs can claim memory.
        var mapping = new WeightMapping(file, layout, spec, names);
        file.ReadValues(stream, mapping.IsNeeded);
        return mapping.Read();
    }

    private static ModelInput ImportedInput(NetworkSpec spec)
    {
        ModelColumn? tokens = spec.VocabularySize == 0 ? null
            : new ModelColumn { Name = spec.InputSize == 0 ? "Features" : "Tokens", VocabularySize = spec.VocabularySize };
        return spec.InputSize == 0 ? new ModelInput { Features = tokens! }
            : new ModelInput { Features = new ModelColumn { Name = "Features", StepSize = spec.InputSize }, Tokens = tokens };
    }

    private static ModelHead ImportedHead(NetworkSpec spec, IReadOnlyList<string>? classNames)
    {
        bool everyStep = spec.Output == OutputPosition.EveryStep;
        return classNames is not null
            ? ModelHead.Of(everyStep ? ModelTask.Tagging : ModelTask.MulticlassClassification,
                new ModelClasses(classNames.Count, new ClassValues("String", classNames)))
            : ModelHead.Of(new ScoreValues(everyStep ? 0 : spec.OutputSize, IsScalar: false, everyStep ? []
                : [.. Enumerable.Range(0, spec.OutputSize).Select(i => Invariant($"Value{i}"))], IsDifference: false, everyStep));
    }
}
