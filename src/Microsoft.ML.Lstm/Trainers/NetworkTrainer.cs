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
    private readonly RecurrentModel? _initial;
    private readonly float[]? _embedding;

    /// <summary>Finds the columns of sequences in the schema of the training data.</summary>
    /// <param name="host">The trainer's host.</param>
    /// <param name="settings">The trainer's settings.</param>
    /// <param name="schema">Of the training data.</param>
    /// <param name="initial">The model whose training is continued; null: none.</param>
    /// <exception cref="ArgumentException">A column is missing, of another type, or not the initial model's.</exception>
    public NetworkTrainer(IHost host, TrainerSettings settings, DataViewSchema schema, RecurrentModel? initial = null)
    {
        (_host, _settings, _initial) = (host, settings, initial);
        if (initial is not null)
        {
            InitialModel.RequireColumns(initial, settings);
            Input = initial.Input.ToInput();
            Input.Find(host, schema);
            return;
        }
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

    /// <summary>Reads all rows of a view, or those that this process is to hold of several.</summary>
    /// <param name="data">The view.</param>
    /// <param name="label">The label in it.</param>
    /// <param name="differences">Whether labels are to be learned as differences from a value of the sequence's last step.</param>
    /// <param name="isValidation">Whether the rows are to validate on rather than to train on.</param>
    public SequenceDataset Load(IDataView data, ILabelColumn label, bool differences = false, bool isValidation = false)
    {
        var loader = new SequenceLoader(_host, Input, label, _settings.WeightColumn, differences);
        return new DistributedLoading(_host, _settings.Distribution, Input, label)
            .Load(loader, data, isValidation ? "validation" : "training", _settings.CancellationToken);
    }

    /// <summary>Trains a network.</summary>
    /// <param name="outputSize">Values per output.</param>
    /// <param name="loss">What is minimised.</param>
    /// <param name="scaleTargets">Whether numeric targets are scaled, and outputs are to be scaled back.</param>
    /// <param name="data">What to train on, and, unless <paramref name="validation"/> is given, to validate on.</param>
    /// <param name="validation">What to validate on; null: what the options hold out.</param>
    /// <param name="window">How windows are normalised; null: not at all.</param>
    /// <param name="linearSkip">Whether the network is to learn what a linear forecast from the normalised window misses.</param>
    public TrainedNetwork Train(
        int outputSize, LossSpec loss, bool scaleTargets, SequenceDataset data, SequenceDataset? validation, WindowTransform? window = null, bool linearSkip = false) =>
        new NetworkTraining(_host, _settings).Run(Input, outputSize, loss, scaleTargets, data.WithWindow(window), validation?.WithWindow(window), _embedding, _initial, linearSkip);
}
