using System.Text;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm;

/// <summary>
/// A trained recurrent model, complete in itself: it scales and normalises what it is given, runs the network, and gives values in the labels' unit,
/// probabilities with the names of classes, tags, or text. Immutable and thread-safe; ML.NET's transformers are adapters of it, and give the same
/// bits. Needs neither ML.NET nor anything native.
/// </summary>
/// <example>
/// <code>
/// RecurrentModel model = RecurrentModel.Load("model.zip");   // as mlContext.Model.Save wrote it
/// float[] forecast = model.Predict(latestWindow);
/// </code>
/// </example>
public sealed partial class RecurrentModel
{
    private readonly NetworkScorer _network;

    internal RecurrentModel(ModelFile file, WindowTransform? window, ModelInput input, ModelHead head, TrainingHistory history, NetworkDiagnosis diagnosis,
        WeightPrecision precision = WeightPrecision.Single)
    {
        _network = new NetworkScorer(file.Spec, file.Weights.Span, precision);
        (Loss, FeatureScaling, TargetScaling) = (file.Loss, file.FeatureScaling, file.TargetScaling);
        Window = window is { IsIdentity: false } ? window : null;
        (Input, Head, History, Diagnosis) = (input, head, history, diagnosis);
        OutputNames = [.. head.Names()];
    }

    private RecurrentModel(RecurrentModel source, NetworkScorer network)
    {
        _network = network;
        (Loss, FeatureScaling, TargetScaling, Window) = (source.Loss, source.FeatureScaling, source.TargetScaling, source.Window);
        (Input, Head, History, Diagnosis, OutputNames) = (source.Input, source.Head, source.History, source.Diagnosis, source.OutputNames);
    }

    /// <summary>What the model predicts.</summary>
    public ModelTask Task => Head.Task;

    /// <summary>The architecture of its network.</summary>
    public NetworkSpec Spec => _network.Spec;

    /// <summary>How the matrices of its network are stored.</summary>
    public WeightPrecision Precision => _network.Precision;

    /// <summary>What was minimised.</summary>
    public LossSpec Loss { get; }

    /// <summary>Name of the column of sequences that it was trained on.</summary>
    public string FeatureColumnName => Input.Features.Name;

    /// <summary>Name of the column of tokens beside it; null if there was none.</summary>
    public string? TokenColumnName => Input.Tokens?.Name;

    /// <summary>Steps of every sequence; null when sequences vary.</summary>
    public int? StepCount => Input.Features.StepCount;

    /// <summary>
    /// Names of what a prediction is made of: of the values of a regression (none where it is one value, or each step has its own), of the classes,
    /// of the tokens; <c>"True"</c> of a binary classifier.
    /// </summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>How each window is normalised by itself.</summary>
    public WindowNormalization Normalization => Window?.Normalization ?? WindowNormalization.None;

    /// <summary>How features are scaled after that; null: not at all.</summary>
    public FeatureScaling? FeatureScaling { get; }

    /// <summary>How targets were scaled, which outputs undo; null: not at all.</summary>
    public FeatureScaling? TargetScaling { get; }

    /// <summary>How the training went, epoch by epoch.</summary>
    public TrainingHistory History { get; }

    /// <summary>Why the network did not learn, if it did not.</summary>
    public NetworkDiagnosis Diagnosis { get; }

    internal ModelInput Input { get; }

    internal ModelHead Head { get; }

    internal WindowTransform? Window { get; }

    internal NetworkScorer Network => _network;

    /// <summary>Creates what one thread scores with, without allocating anything per sequence.</summary>
    /// <example>
    /// <code>
    /// var scorer = model.CreateScorer();
    /// ReadOnlySpan&lt;float&gt; forecast = scorer.Score(window);   // valid until the scorer is used again
    /// </code>
    /// </example>
    public RecurrentScorer CreateScorer() => new(this);

    /// <summary>What the model is, in a few lines: task, inputs, network, transforms, training.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        Line(Invariant($"{Task} by {(Spec.Bidirectional ? "bidirectional " : "")}{Spec.Cell} of {string.Join(" + ", Spec.HiddenSizes)} units, {_network.Layout.ParameterCount} parameters"));
        Line(Invariant($"Input {Input}{(Spec.VocabularySize > 0 ? Invariant($", embeddings of {Spec.EmbeddingSize}") : "")}"));
        string output = Task == ModelTask.Regression ? Invariant($"{Spec.OutputSize} values") : Invariant($"{OutputNames.Count} {(Task == ModelTask.LanguageModel ? "tokens" : "classes")}");
        Line(Invariant($"Output {output} {(Spec.Output == OutputPosition.EveryStep ? "at every step" : "after the last step")}, loss {Loss.Kind}"));
        Line(Invariant($"Features {(FeatureScaling is null ? "as they are" : "scaled")}, targets {(TargetScaling is null ? "as they are" : "scaled")}, windows normalised by {Normalization}{(Window is { ChangesWindows: false } ? ", targets as differences" : "")}{(Window?.Linear is { } linear ? Invariant($", on a linear forecast from the last {Plural.Of(linear.Length, "row")}") : "")}"));
        if (History.Epochs.Count > 0)
            Line(Invariant($"Trained for {History.Epochs.Count} epochs ({History.End}), the best {History.BestEpoch + 1}{BestLoss()}"));
        foreach (Finding finding in Diagnosis.Findings)
            Line(Invariant($"[{finding.Severity}] {finding.Code}: {finding.Message}"));
        return text.ToString().TrimEnd();

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>The first line of <see cref="Describe"/>.</summary>
    public override string ToString() => Describe().Split('\n')[0];

    private string BestLoss() => History.BestEpoch is { } best && best >= 0 && best < History.Epochs.Count
        ? Invariant($", loss {History.Epochs[best].ValidationLoss ?? History.Epochs[best].Loss:G5}")
        : "";
}
