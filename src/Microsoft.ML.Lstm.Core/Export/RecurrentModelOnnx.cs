using System.Text;
using System.Text.Json;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Export;

/// <summary>A model as a file of ONNX: the names and shapes of its inputs and outputs, which <see cref="OnnxExtensions"/> tells its
/// user.</summary>
internal sealed class RecurrentModelOnnx
{
    private const string Batch = "batch", Steps = "steps";
    private readonly OnnxGraph _graph = new();
    private readonly RecurrentModel _model;
    private readonly OnnxOptions _options;

    private RecurrentModelOnnx(RecurrentModel model, OnnxOptions options) => (_model, _options) = (model, options);

    private NetworkSpec Spec => _model.Spec;

    private bool HasCells => Spec.Cell == CellKind.Lstm;

    /// <summary>Describes a model.</summary>
    /// <exception cref="InvalidOperationException">The options ask for a state that the model cannot continue from.</exception>
    public static OnnxFile Create(RecurrentModel model, OnnxOptions options)
    {
        if (options.WithState)
            RequireSteps(model);
        return new RecurrentModelOnnx(model, options).Write();
    }

    private static void RequireSteps(RecurrentModel model)
    {
        if (model.Spec.Bidirectional)
            throw new InvalidOperationException($"{nameof(NetworkSpec.Bidirectional)} is true; expected false to save it {nameof(OnnxOptions.WithState)}, since a later step would change what was read.");
        if (model.Window is { ChangesWindows: true })
            throw new InvalidOperationException(Invariant($"{nameof(RecurrentModel.Normalization)} is {model.Normalization}; expected {WindowNormalization.None} to save it {nameof(OnnxOptions.WithState)}, since each window is normalised as a whole."));
    }

    private OnnxFile Write()
    {
        var export = new RecurrentModelExport(_graph, _model);
        ExportedPrediction prediction = export.Write(new ExportedInput
        {
            Features = Spec.InputSize > 0 ? _graph.Input("features", OnnxType.Float, Batch, Steps, Spec.InputSize) : "",
            Tokens = Spec.VocabularySize > 0 ? _graph.Input("tokens", OnnxType.Int64, Batch, Steps) : "",
            Lengths = _options.VariableLengths ? _graph.Input("sequence_lens", OnnxType.Int32, Batch) : "",
            State = _options.WithState ? [.. Spec.HiddenSizes.Select((units, layer) => StateInput(layer, units))] : null,
        });
        WriteHead(export, prediction);
        for (int layer = 0; layer < Spec.HiddenSizes.Count && _options.WithState; layer++)
        {
            _graph.Output(Invariant($"final_h_l{layer}"), prediction.Final[layer].H, OnnxType.Float, 1, Batch, Spec.HiddenSizes[layer]);
            if (HasCells)
                _graph.Output(Invariant($"final_c_l{layer}"), prediction.Final[layer].C, OnnxType.Float, 1, Batch, Spec.HiddenSizes[layer]);
        }
        return new OnnxFile(_graph, _model.ToString(),
            [("task", _model.Task.ToString()), ("output_names", Names()), ("feature_column", _model.FeatureColumnName)]);
    }

    private LayerState StateInput(int layer, int units)
    {
        string[] suffix = [ParameterLayout.Suffix(layer, 0)];
        var parameters = new NetworkParameters(_graph, _model.Network, "");
        return new LayerState(Input("h"), HasCells ? Input("c") : "");

        string Input(string kind)
        {
            string name = _graph.Input(Invariant($"initial_{kind}_l{layer}"), OnnxType.Float, 1, Batch, units);
            _graph.Default(name, parameters.InitialStates(Invariant($"rnn.{kind}0"), suffix, units), 1, 1, units);
            return name;
        }
    }

    private void WriteHead(RecurrentModelExport export, ExportedPrediction prediction)
    {
        object[] sequence = export.IsEveryStep ? [Batch, Steps] : [Batch];
        object[] all = [.. sequence, Spec.OutputSize];
        switch (_model.Task)
        {
            case ModelTask.Regression:
                _graph.Output("score", prediction.Scores, OnnxType.Float, all);
                break;
            case ModelTask.BinaryClassification:
                _graph.Output("label", _graph.Op("Greater", prediction.Outputs, _graph.Number(0f)), OnnxType.Bool, all);
                _graph.Output("probability", prediction.Scores, OnnxType.Float, all);
                _graph.Output("score", prediction.Outputs, OnnxType.Float, all);
                break;
            default:
                string place = export.Class(prediction);
                string[] names = [.. _model.OutputNames];
                string name = _graph.Gather(_graph.Tensor("names", names, names.Length), place, 0);
                string none = export.HasNoClass(prediction);
                _graph.Output("label", _graph.Where(none, _graph.Number(""), name), OnnxType.String, sequence);
                _graph.Output("probabilities", prediction.Scores, OnnxType.Float, all);
                _graph.Output("class", _graph.Where(none, _graph.Number(-1L), place), OnnxType.Int64, sequence);
                break;
        }
    }

    private string Names()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartArray();
            foreach (string name in _model.OutputNames)
                json.WriteStringValue(name);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
