using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Embedding;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>From a data view, a row for each sequence, to a trained network. Knows no task.</summary>
internal sealed class NetworkTrainer
{
    private readonly IHost _host;
    private readonly TrainerSettings _settings;
    private readonly float[]? _embedding;

    /// <summary>Finds the columns of sequences in the schema of the training data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of another type.</exception>
    public NetworkTrainer(IHost host, TrainerSettings settings, DataViewSchema schema)
    {
        (_host, _settings) = (host, settings);
        Input = SequenceInput.Of(host, schema, settings.FeatureColumn, settings.TokenColumn, settings.StepSize);
        if (settings.PretrainedEmbedding is { } vectors)
            _embedding = InitialEmbedding.Of(host, schema, Input, vectors);
    }

    /// <summary>What the columns of sequences are.</summary>
    public SequenceInput Input { get; }

    /// <summary>Refuses columns that are missing or of another type, as far as a shape without sizes tells.</summary>
    public static void Check(IExceptionContext context, TrainerSettings settings, SchemaShape schema)
    {
        SequenceInput.Check(context, schema, settings.FeatureColumn, settings.TokenColumn);
        SequenceLoader.CheckWeight(context, schema, settings.WeightColumn);
    }

    /// <summary>Reads all rows of a view.</summary>
    /// <param name="data">The view.</param>
    /// <param name="label">The label in it.</param>
    /// <param name="differences">Whether labels are to be learned as differences from a value of the sequence's last step.</param>
    /// <param name="isValidation">Whether the rows are to validate on rather than to train on.</param>
    public SequenceDataset Load(IDataView data, ILabelColumn label, bool differences = false, bool isValidation = false) =>
        new SequenceLoader(_host, Input, label, _settings.WeightColumn, differences).Load(data, isValidation ? "validation" : "training", _settings.CancellationToken);

    /// <summary>Trains a network.</summary>
    /// <param name="outputSize">Values per output.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="scaleTargets">Whether numeric targets are scaled, and outputs are to be scaled back.</param>
    /// <param name="data">What to train on, and, unless <paramref name="validation"/> is given, to validate on.</param>
    /// <param name="validation">What to validate on; null: what the options hold out.</param>
    /// <param name="window">How windows are normalised; null: not at all.</param>
    public TrainedNetwork Train(
        int outputSize, LossSpec loss, bool scaleTargets, SequenceDataset data, SequenceDataset? validation, WindowTransform? window = null) =>
        new NetworkTraining(_host, _settings).Run(Input, outputSize, loss, scaleTargets, data.WithWindow(window), validation?.WithWindow(window), _embedding);
}
