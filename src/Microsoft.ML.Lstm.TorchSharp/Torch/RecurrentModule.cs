using Microsoft.ML.Lstm.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// Recurrent layers of one width as one module of libtorch, which runs them by oneDNN or cuDNN where it can. Its weights are one block in cuDNN's order,
/// all matrices before all biases, so that cuDNN need not gather them at every call.
/// </summary>
internal sealed class RecurrentModule : IRecurrentLevel
{
    private readonly nn.Module _module;
    private readonly CellKind _cell;
    private readonly ScalarType _factors;

    /// <summary>Makes the module.</summary>
    /// <param name="spec">The network.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="prefix"><c>rnn.</c> or <c>decoder.</c>.</param>
    /// <param name="firstLayer">The first layer, from 0.</param>
    /// <param name="layerCount">How many, all of one width.</param>
    /// <param name="inputSize">What the first of them reads.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="factors">What weights and inputs are rounded to: float32 or bfloat16.</param>
    /// <param name="isFrozen">Whether the weights stay as they are.</param>
    public RecurrentModule(NetworkSpec spec, ParameterLayout parameters, string prefix, int firstLayer, int layerCount, int inputSize, Device device, ScalarType factors, bool isFrozen)
    {
        (_cell, _factors, FirstLayer, LayerCount, Directions) = (spec.Cell, factors, firstLayer, layerCount, spec.Directions);
        Units = spec.HiddenSizes[firstLayer];
        _module = Create(inputSize);
        if (device.type != TorchSharp.DeviceType.CPU)
            _module.to(device);
        if (factors != float32)
            _module.to(factors);
        (string Torch, string Ours)[] names = [.. Names(prefix)];
        Block = new WeightBlock(names.Select(name => parameters[name.Ours]), device, isFrozen, factors);
        Dictionary<string, Parameter> own = _module.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        foreach ((string torch, string ours) in names)
            Block.Adopt(own[torch], ours);
    }

    public int FirstLayer { get; }

    public int LayerCount { get; }

    public int Directions { get; }

    public int Units { get; }

    public WeightBlock Block { get; }

    public void SetTraining(bool isTraining) => _module.train(isTraining);

    public (Tensor Rows, LayerState Final) Run(DeviceBatch batch, Tensor rows, LayerState initial, DropoutDraws? draws)
    {
        if (!batch.IsUniform)
            return RunPacked(batch, rows, initial);
        (Tensor steps, LayerState final) = RunSteps(batch.Steps(rows), initial);
        return (steps.reshape(-1, Directions * Units), final);
    }

    public Tensor RunStep(Tensor rows, LayerState initial, int together, DropoutDraws? draws) => RunSteps(rows.unsqueeze(0), initial).Steps.squeeze(0);

    public void Dispose()
    {
        Block.Dispose();
        _module.Dispose();
    }

    private (Tensor Rows, LayerState Final) RunPacked(DeviceBatch batch, Tensor rows, LayerState initial)
    {
        nn.utils.rnn.PackedSequence packed = batch.Pack(rows.to(_factors)), outputs;
        initial = initial.To(_factors);
        Tensor h;
        Tensor? c = null;
        switch (_module)
        {
            case LSTM lstm:
                (outputs, h, c) = lstm.call(packed, (initial.H, initial.C!));
                break;
            case GRU gru:
                (outputs, h) = gru.call(packed, initial.H);
                break;
            default:
                (outputs, h) = ((RNN)_module).call(packed, initial.H);
                break;
        }
        return (outputs.data.to(float32), new LayerState(h, c).To(float32));
    }

    /// <summary>Sequences of one length, [T, B, W].</summary>
    private (Tensor Steps, LayerState Final) RunSteps(Tensor steps, LayerState initial)
    {
        (steps, initial) = (steps.to(_factors), initial.To(_factors));
        Tensor y, h;
        Tensor? c = null;
        switch (_module)
        {
            case LSTM lstm:
                (y, h, c) = lstm.call(steps, (initial.H, initial.C!));
                break;
            case GRU gru:
                (y, h) = gru.call(steps, initial.H);
                break;
            default:
                (y, h) = ((RNN)_module).call(steps, initial.H);
                break;
        }
        return (y.to(float32), new LayerState(h, c).To(float32));
    }

    private nn.Module Create(int inputSize)
    {
        bool both = Directions == 2;
        return _cell switch
        {
            CellKind.Lstm => nn.LSTM(inputSize, Units, LayerCount, bidirectional: both),
            CellKind.Gru => nn.GRU(inputSize, Units, LayerCount, bidirectional: both),
            CellKind.RnnTanh => nn.RNN(inputSize, Units, LayerCount, nn.NonLinearities.Tanh, bidirectional: both),
            _ => nn.RNN(inputSize, Units, LayerCount, nn.NonLinearities.ReLU, bidirectional: both),
        };
    }

    private IEnumerable<(string Torch, string Ours)> Names(string prefix)
    {
        foreach (string[] kinds in (string[][])[["weight_ih", "weight_hh"], ["bias_ih", "bias_hh"]])
            for (int layer = 0; layer < LayerCount; layer++)
                for (int direction = 0; direction < Directions; direction++)
                    foreach (string kind in kinds)
                        yield return (kind + ParameterLayout.Suffix(layer, direction), prefix + kind + ParameterLayout.Suffix(FirstLayer + layer, direction));
    }
}
