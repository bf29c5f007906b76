using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Sequences;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>A training step as one writes it with TorchSharp alone: modules, a TorchSharp optimiser, the batch uploaded and the loss read in every step.</summary>
internal sealed class TorchTraining : ISide
{
    /// <summary>Of all sides.</summary>
    public const float LearningRate = 1e-3f;

    /// <summary>Steps whose losses are compared: the first knows the forward pass alone, the others gradients and optimiser too.</summary>
    public const int ComparedSteps = 3;

    private readonly Workload _workload;
    private readonly Device _device;
    private readonly SequenceBatch _batch;
    private readonly ITorchNetwork _network;
    private readonly Parameter[] _parameters;
    private readonly optim.Optimizer _optimizer;

    public TorchTraining(Workload workload, SequenceBatch batch, ITorchNetwork network, Device device)
    {
        (_workload, _batch, _network, _device, _parameters) = (workload, batch, network, device, [.. network.Parameters.Values]);
        _optimizer = workload.Options.Optimizer.Kind switch
        {
            OptimizerKind.Sgd => optim.SGD(_parameters, LearningRate),
            OptimizerKind.AdaGrad => optim.Adagrad(_parameters, LearningRate),
            _ => optim.Adam(_parameters, LearningRate),
        };
    }

    public string Name => "TorchSharp";

    public void Run() => Step();

    public float[] Outputs() => [.. Enumerable.Range(0, ComparedSteps).Select(_ => Step())];

    public void Dispose()
    {
        _optimizer.Dispose();
        _network.Dispose();
    }

    private float Step()
    {
        using var scope = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor y = _network.Forward();
        Tensor loss = _workload.Options.Loss.TargetsAreClasses
            ? nn.functional.cross_entropy(y, tensor(Array.ConvertAll(_batch.Classes.ToArray(), c => (long)c)).to(_device))
            : nn.functional.mse_loss(y, tensor(_batch.Targets.ToArray(), [y.shape[0], _workload.Spec.OutputSize]).to(_device));
        loss.backward();
        if (_workload.Options.ClipNorm is { } limit)
            nn.utils.clip_grad_norm_(_parameters, limit);
        _optimizer.step();
        return loss.item<float>();
    }
}
