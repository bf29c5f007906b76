using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>Embedding, one recurrent module, one linear layer. Sequences of several lengths are packed, as libtorch has it.</summary>
internal sealed class TorchNetwork : ITorchNetwork
{
    private readonly Workload _workload;
    private readonly Device _device;
    private readonly SequenceBatch _batch;
    private readonly float[] _features;
    private readonly TorchSharp.Modules.Embedding? _embedding;
    private readonly nn.Module _recurrent;
    private readonly Linear _output;
    private Tensor? _h, _c;

    public TorchNetwork(Workload workload, SequenceBatch batch, Device device)
    {
        (_workload, _batch, _device, _features) = (workload, batch, device, Padded(batch));
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
        Parameters = TorchWeights.Named(("embedding", _embedding), ("rnn", _recurrent), ("output", _output));
    }

    public IReadOnlyDictionary<string, Parameter> Parameters { get; }

    public Tensor Forward()
    {
        RegularizationSpec dropout = _workload.Options.Regularization;
        Tensor x = nn.functional.dropout(Input(), dropout.InputDropout);
        (Tensor rows, Tensor last) = _batch.IsUniform ? Run(x) : RunPacked(x);
        NetworkSpec spec = _workload.Spec;
        Tensor top = spec.Output == OutputPosition.EveryStep ? rows.reshape(-1, spec.TopSize)
            : spec.Bidirectional ? cat([last[-2], last[-1]], 1) : last[-1];
        return _output.call(nn.functional.dropout(top, dropout.OutputDropout));
    }

    public void Dispose()
    {
        _h?.Dispose();
        _c?.Dispose();
        _embedding?.Dispose();
        _recurrent.Dispose();
        _output.Dispose();
    }

    private static float[] Padded(SequenceBatch batch)
    {
        int size = batch.FeatureSize;
        float[] padded = new float[batch.StepCount * batch.SequenceCount * size];
        for (int t = 0; t < batch.StepCount; t++)
            batch.Features.Slice(batch.Row(0, t) * size, batch.Rows(t) * size).CopyTo(padded.AsSpan(t * batch.SequenceCount * size));
        return padded;
    }

    private Tensor Input() => _embedding is null
        ? tensor(_features, [_batch.StepCount, _batch.SequenceCount, _batch.FeatureSize]).to(_device)
        : _embedding.call(tensor(Array.ConvertAll(_batch.Tokens.ToArray(), token => (long)token), [_batch.StepCount, _batch.SequenceCount]).to(_device));

    private (Tensor Rows, Tensor Last) Run(Tensor x)
    {
        Tensor y, h;
        Tensor? c = null;
        if (_recurrent is LSTM lstm)
            (y, h, c) = lstm.call(x, (Carried(_h), Carried(_c)));
        else
            (y, h) = _recurrent is GRU gru ? gru.call(x, Carried(_h)) : ((RNN)_recurrent).call(x, Carried(_h));
        if (_workload.Options.Stateful)
        {
            _h?.Dispose();
            _c?.Dispose();
            (_h, _c) = (h.detach().DetachFromDisposeScope(), c?.detach().DetachFromDisposeScope());
        }
        return (y, h);
    }

    private (Tensor Rows, Tensor Last) RunPacked(Tensor x)
    {
        using Tensor lengths = tensor(Array.ConvertAll(_batch.Lengths.ToArray(), length => (long)length));
        using nn.utils.rnn.PackedSequence packed = nn.utils.rnn.pack_padded_sequence(x, lengths);
        if (_recurrent is not LSTM lstm)
            return (x, ((GRU)_recurrent).call(packed).Item2);
        return (x, lstm.call(packed).Item2);
    }

    private Tensor Carried(Tensor? state) =>
        state ?? zeros(_workload.Spec.HiddenSizes.Count * _workload.Spec.Directions, _batch.SequenceCount, _workload.Spec.HiddenSizes[0], device: _device);
}
