using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch.Benchmarks;

/// <summary>A training step as one writes it with TorchSharp alone: modules, a TorchSharp optimiser, the batch uploaded and the loss read in every step.</summary>
internal sealed class PlainLoop : IDisposable
{
    private readonly Workload _workload;
    private readonly Device _device;
    private readonly Embedding? _embedding;
    private readonly nn.Module _recurrent;
    private readonly Linear _output;
    private readonly Parameter[] _parameters;
    private readonly optim.Optimizer _optimizer;
    private readonly SequenceBatch _batch;
    private Tensor? _h, _c;

    public PlainLoop(Workload workload, SequenceBatch batch, Device device)
    {
        (_workload, _batch, _device) = (workload, batch, device);
        NetworkSpec spec = workload.Spec;
        float between = spec.HiddenSizes.Count > 1 ? workload.Options.Regularization.LayerDropout : 0;
        int layers = spec.HiddenSizes.Count, units = spec.HiddenSizes[0];
        _embedding = spec.VocabularySize > 0 ? nn.Embedding(spec.VocabularySize, spec.EmbeddingSize, device: device) : null;
        _recurrent = spec.Cell switch
        {
            CellKind.Lstm => nn.LSTM(spec.StepSize, units, layers, dropout: between, bidirectional: spec.Bidirectional, device: device),
            CellKind.Gru => nn.GRU(spec.StepSize, units, layers, dropout: between, bidirectional: spec.Bidirectional, device: device),
            _ => nn.RNN(spec.StepSize, units, layers, dropout: between, bidirectional: spec.Bidirectional, device: device),
        };
        _output = nn.Linear(spec.TopSize, spec.OutputSize, device: device);
        _parameters = [.. _embedding?.parameters() ?? [], .. _recurrent.parameters(), .. _output.parameters()];
        _optimizer = workload.Options.Optimizer.Kind switch
        {
            OptimizerKind.Sgd => optim.SGD(_parameters, 1e-3),
            OptimizerKind.AdaGrad => optim.Adagrad(_parameters, 1e-3),
            _ => optim.Adam(_parameters, 1e-3),
        };
    }

    /// <summary>One step; returns its loss.</summary>
    public float Step()
    {
        using var scope = NewDisposeScope();
        RegularizationSpec dropout = _workload.Options.Regularization;
        NetworkSpec spec = _workload.Spec;
        _optimizer.zero_grad();
        Tensor rows = Run(nn.functional.dropout(Input(), dropout.InputDropout));
        Tensor top = spec.Output == OutputPosition.EveryStep ? rows.reshape(-1, spec.TopSize) : rows[-1];
        Tensor y = _output.call(nn.functional.dropout(top, dropout.OutputDropout));
        Tensor loss = _workload.Options.Loss.TargetsAreClasses
            ? nn.functional.cross_entropy(y, tensor(Array.ConvertAll(_batch.Classes.ToArray(), c => (long)c)).to(_device))
            : nn.functional.mse_loss(y, tensor(_batch.Targets.ToArray(), [y.shape[0], spec.OutputSize]).to(_device));
        loss.backward();
        if (_workload.Options.ClipNorm is { } limit)
            nn.utils.clip_grad_norm_(_parameters, limit);
        _optimizer.step();
        return loss.item<float>();
    }

    public void Dispose()
    {
        _h?.Dispose();
        _c?.Dispose();
        _optimizer.Dispose();
        _embedding?.Dispose();
        _recurrent.Dispose();
        _output.Dispose();
    }

    private Tensor Input() => _embedding is null
        ? tensor(_batch.Features.ToArray(), [_workload.Steps, _workload.Batch, _workload.Spec.InputSize]).to(_device)
        : _embedding.call(tensor(Array.ConvertAll(_batch.Tokens.ToArray(), token => (long)token), [_workload.Steps, _workload.Batch]).to(_device));

    private Tensor Run(Tensor x)
    {
        if (_recurrent is GRU gru)
            return gru.call(x, Carried(_h)).Item1;
        if (_recurrent is not LSTM lstm)
            return ((RNN)_recurrent).call(x, Carried(_h)).Item1;
        (Tensor y, Tensor h, Tensor c) = lstm.call(x, (Carried(_h), Carried(_c)));
        if (_workload.Options.Stateful)
        {
            _h?.Dispose();
            _c?.Dispose();
            (_h, _c) = (h.detach().DetachFromDisposeScope(), c.detach().DetachFromDisposeScope());
        }
        return y;
    }

    private Tensor Carried(Tensor? state) =>
        state ?? zeros(_workload.Spec.HiddenSizes.Count * _workload.Spec.Directions, _workload.Batch, _workload.Spec.HiddenSizes[0], device: _device);
}
