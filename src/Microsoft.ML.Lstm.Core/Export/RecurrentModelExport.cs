using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// A model as a graph, in the order in which <see cref="RecurrentScorer"/> scores: normalisation of windows, scaling, embedding, layers,
/// output layer, and back; then what outputs mean. As there, a sequence that is empty or has NaN or an infinity gives NaN.
/// </summary>
/// <param name="graph">Where it is written.</param>
/// <param name="model">The model.</param>
internal sealed class RecurrentModelExport(IOnnxGraph graph, RecurrentModel model)
{
    private readonly NetworkParameters _parameters = new(graph, model.Network, "");

    private NetworkSpec Spec => model.Spec;

    /// <summary>Whether each step has a prediction: a language model's is read after the last alone.</summary>
    public bool IsEveryStep => Spec.Output == OutputPosition.EveryStep && model.Task != ModelTask.LanguageModel;

    /// <summary>Writes the model.</summary>
    public ExportedPrediction Write(ExportedInput input)
    {
        input = AfterEndOfRow(input);
        string longLengths = input.Lengths.Length == 0 ? "" : graph.Cast(input.Lengths, OnnxType.Int64);
        string any = input.Features.Length > 0 ? input.Features : input.Tokens, batch = graph.Size(any, 0);
        string features = input.Features.Length == 0 ? "" : Unpadded(input.Features, longLengths);
        string missing = Missing(features, input.Lengths);
        WindowExport? window = model.Window is { } transform ? new WindowExport(graph, transform, features, longLengths) : null;
        if (model.Window is { ChangesWindows: true })
            features = window!.Apply(features);
        string x = graph.Transpose(Steps(Scaled(features), input.Tokens), 1, 0, 2);

        var layers = new RecurrentLayersExport(graph, Spec, _parameters);
        string top = layers.Run(x, new ExportedSequences(batch, input.Lengths, input.Steps), layer =>
            Initial(layers, layer, batch, input.State));
        top = IsEveryStep ? graph.Transpose(top, 1, 0, 2) : layers.Last();
        string weight = Spec.TiedEmbeddings ? graph.Transpose(Embedding, 1, 0) : _parameters.Transposed("output.weight");
        string outputs = graph.Linear(top, weight, _parameters.As("output.bias"));
        outputs = Undo(outputs, window);
        if (missing.Length > 0)
            outputs = graph.Add(outputs, IsEveryStep ? missing : graph.Squeeze(missing, 2));
        return new ExportedPrediction(outputs, Scores(outputs), layers.Final);
    }

    /// <summary>The class, from 0, that outputs are for: the place of the largest, [B] or [B, T] of 64 bits.</summary>
    public string Class(ExportedPrediction prediction) =>
        graph.Op("ArgMax", [prediction.Outputs], ("axis", IsEveryStep ? 2 : 1), ("keepdims", 0));

    /// <summary>Whether there is no class, as outputs are NaN: [B] or [B, T].</summary>
    public string HasNoClass(ExportedPrediction prediction) => graph.At(graph.Op("IsNaN", prediction.Outputs), 0, IsEveryStep ? 2 : 1);

    private string Embedding => field ??= _parameters.As("embedding.weight");

    // A text begins after the end of the row before; one that is continued from a state does not begin.
    private ExportedInput AfterEndOfRow(ExportedInput input)
    {
        if (model.Head.Vocabulary?.EndOfRow is not { } end || input.State is not null)
            return input;
        string first = graph.Expand(graph.Number((long)end), graph.Size(input.Tokens, 0), graph.Integers(1));
        return input with
        {
            Tokens = graph.Concat(1, first, input.Tokens),
            Lengths = input.Lengths.Length == 0 ? "" : graph.Add(input.Lengths, graph.Number(1)),
            Steps = input.Steps + 1,
        };
    }

    /// <summary>Features with zeros after the end of each sequence, whatever stood there.</summary>
    private string Unpadded(string features, string lengths)
    {
        if (lengths.Length == 0)
            return features;
        string isStep = graph.Op("Less", graph.Unsqueeze(graph.Range(graph.Size(features, 1)), 0), graph.Unsqueeze(lengths, 1));
        return graph.Where(graph.Unsqueeze(isStep, 2), features, graph.Number(0f));
    }

    /// <summary>[B, 1, 1]: 0, or NaN for a sequence without a prediction; empty where every one has it. 0 times NaN or an infinity is
    /// NaN.</summary>
    private string Missing(string features, string lengths)
    {
        string missing = features.Length == 0 ? "" : graph.Reduce("Sum", graph.Multiply(features, graph.Number(0f)), 1, 2);
        if (lengths.Length == 0)
            return missing;
        string empty = graph.Where(graph.Op("Less", lengths, graph.Number(1)), graph.Number(float.NaN), graph.Number(0f));
        empty = graph.Unsqueeze(empty, 1, 2);
        return missing.Length == 0 ? empty : graph.Add(missing, empty);
    }

    private string Scaled(string features) => model.FeatureScaling is not { } scaling || features.Length == 0 ? features
        : graph.Divide(graph.Subtract(features, graph.Tensor("scaling.feature_mean", scaling.Mean.ToArray(), scaling.Size)),
            graph.Tensor("scaling.feature_scale", scaling.Scale.ToArray(), scaling.Size));

    /// <summary>What enters the first layer: (embedding | values), [B, T, E + F].</summary>
    private string Steps(string features, string tokens)
    {
        if (tokens.Length == 0)
            return features;
        string embedded = graph.Gather(Embedding, tokens, 0);
        return features.Length == 0 ? embedded : graph.Concat(2, embedded, features);
    }

    private LayerState Initial(RecurrentLayersExport layers, int layer, string batch, IReadOnlyList<LayerState>? given)
    {
        string[] suffixes = layers.Suffixes(layer);
        int units = Spec.HiddenSizes[layer];
        if (given is null && !Spec.LearnedInitialState)
            return new LayerState("", "");
        string h = given is not null ? given[layer].H
            : graph.Tensor("rnn.h0", _parameters.InitialStates("rnn.h0", suffixes, units), Spec.Directions, 1, units);
        string c = given is not null ? given[layer].C
            : Spec.Cell == CellKind.Lstm
                ? graph.Tensor("rnn.c0", _parameters.InitialStates("rnn.c0", suffixes, units), Spec.Directions, 1, units) : "";
        return new LayerState(OfAll(h), OfAll(c));

        string OfAll(string state) => state.Length == 0 ? ""
            : graph.Expand(state, graph.Integers(Spec.Directions), batch, graph.Integers(units));
    }

    private string Undo(string outputs, WindowExport? window)
    {
        int values = ModelValidation.ValuesPerTarget(model.Loss);
        if (model.TargetScaling is { } scaling)
            outputs = graph.Add(graph.Multiply(outputs, Repeated("scaling.target_scale", scaling.Scale)),
                Repeated("scaling.target_mean", scaling.Mean));
        return window?.Undo(outputs, Spec.OutputSize, values) ?? outputs;

        string Repeated(string name, ReadOnlySpan<float> columns)
        {
            float[] ofOutputs = new float[Spec.OutputSize];
            for (int i = 0; i < ofOutputs.Length; i++)
                ofOutputs[i] = columns[i / values % columns.Length];
            return graph.Tensor(name, ofOutputs, ofOutputs.Length);
        }
    }

    private string Scores(string outputs) => model.Task switch
    {
        ModelTask.Regression => outputs,
        ModelTask.BinaryClassification => graph.Op("Sigmoid", outputs),
        _ => graph.Op("Softmax", [outputs], ("axis", IsEveryStep ? 2 : 1)),
    };
}
