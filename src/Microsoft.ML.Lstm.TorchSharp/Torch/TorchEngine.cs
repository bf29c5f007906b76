using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;
using Microsoft.ML.Lstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// The engine on libtorch: the network's equations by its operations, backpropagation by its autograd. Every call has a dispose scope, so that no tensor
/// outlives it but weights, moments, a carried state and results that are not read.
/// </summary>
internal sealed class TorchEngine : ITrainingEngine, ILayerProbe
{
    /// <summary>Steps that a device runs before the host reads what they found.</summary>
    public const int StepsBetweenReads = 32;

    private const string CarriedStateName = "state";
    private readonly ExclusiveUse _use;
    private readonly Device _device;
    private readonly TorchPrecision _precision;
    private readonly DeviceWeights _weights;
    private readonly ITorchNetwork _network;
    private readonly TorchLoss _loss;
    private readonly DropoutDraws _draws;
    private readonly GradientUpdate _update;
    private readonly CarriedState? _state;
    private ManagedEngine? _probe;

    /// <summary>Builds the network with freshly drawn weights, those of the managed engine.</summary>
    public TorchEngine(NetworkSpec spec, EngineOptions options, Device device, TorchPrecision precision, int mostUnreadSteps)
    {
        (Spec, Options, _device, _precision, MostUnreadSteps) = (spec, options, device, precision, mostUnreadSteps);
        Parameters = new ParameterLayout(spec);
        _use = new ExclusiveUse(nameof(TorchEngine), Free);
        using var scope = NewDisposeScope();
        SetUp();
        _draws = new DropoutDraws(device);
        _weights = new DeviceWeights(spec, options, Parameters, device, precision == TorchPrecision.BFloat16 ? bfloat16 : float32);
        _network = spec.Forecast is null
            ? new TorchRecurrentNetwork(spec, options.Regularization, _weights, device)
            : new TorchForecastNetwork(spec, options.Regularization, _weights, device);
        _loss = new TorchLoss(options.Loss, spec);
        _update = new GradientUpdate(options, Parameters, _weights, _draws, device);
        _state = options.Stateful ? new CarriedState(spec, _weights, device) : null;
        float[] initial = new float[Parameters.BlockLength];
        WeightInitializer.Fill(initial, Parameters, spec, options.Initialization, options.Seed);
        _weights.CopyFrom(initial);
    }

    public NetworkSpec Spec { get; }

    public EngineOptions Options { get; }

    public ParameterLayout Parameters { get; }

    public long UpdateCount => _update.UpdateCount;

    public bool IsStateful => Options.Stateful;

    public int MostUnreadSteps { get; }

    public void TrainStep(SequenceBatch batch, float learningRate, CancellationToken cancellationToken = default)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        RequireRead();
        using var scope = NewDisposeScope();
        (Tensor sum, double weight) = RunBackward(batch, shard: 0, ofMean: true, cancellationToken);
        using (no_grad())
            _update.Apply(sum, weight, learningRate);
    }

    public LossSum ComputeGradient(SequenceBatch batch, Span<float> gradient, int shard = 0, CancellationToken cancellationToken = default)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        Guard.RequireArgument(shard >= 0 && (shard == 0 || !IsStateful), nameof(shard), shard, IsStateful ? "0, since the engine carries state" : "0 or more");
        RequireBlock(gradient.Length, "gradient");
        using var scope = NewDisposeScope();
        (Tensor sum, double weight) = RunBackward(batch, shard, ofMean: false, cancellationToken);
        gradient.Clear();
        foreach (WeightBlock block in _weights.Blocks.Where(block => !block.IsFrozen))
            block.CopyTo(block.Gradient, gradient);
        return new LossSum(sum.item<double>(), weight);
    }

    public void ApplyGradient(ReadOnlySpan<float> gradient, LossSum loss, float learningRate)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        RequireRead();
        RequireBlock(gradient.Length, "gradient");
        using var scope = NewDisposeScope();
        using var withoutGradient = no_grad();
        SetUp();
        foreach (WeightBlock block in _weights.Blocks.Where(block => !block.IsFrozen))
        {
            block.CopyFrom(gradient, block.Gradient);
            block.Gradient.mul_(loss.Weight > 0 ? 1 / loss.Weight : 0);
        }
        _update.Apply(tensor(loss.Sum, float64, _device), loss.Weight, learningRate);
    }

    public int ReadSteps(Span<StepResult> results)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        using var scope = NewDisposeScope();
        return _update.Read(results);
    }

    public LossSum Evaluate(SequenceBatch batch, CancellationToken cancellationToken = default)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        using var withoutGradient = no_grad();
        (Tensor sum, double weight) = Forward(batch, draws: null);
        return new LossSum(sum.item<double>(), weight);
    }

    public void Predict(SequenceBatch batch, Span<float> outputs)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        using var scope = NewDisposeScope();
        using var withoutGradient = no_grad();
        BeginPass();
        Tensor found = _network.Forward(new DeviceBatch(batch, Spec, _device), _state, draws: null);
        Guard.Require(outputs.Length >= found.NumberOfElements, nameof(outputs), Plural.Of(outputs.Length, "float"), Invariant($"{found.NumberOfElements} or more"));
        DeviceBatch.Download(found, outputs);
    }

    public void ResetState()
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _state?.Reset();
    }

    public void ExportWeights(Span<float> block)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        using var scope = NewDisposeScope();
        _weights.CopyTo(block);
    }

    public void ImportWeights(ReadOnlySpan<float> block)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        RequireBlock(block.Length, "weights");
        using var scope = NewDisposeScope();
        _weights.CopyFrom(block);
    }

    public IReadOnlyDictionary<string, float[]> ExportState()
    {
        using ExclusiveUse.Lease use = _use.Begin();
        using var scope = NewDisposeScope();
        var state = new Dictionary<string, float[]>(_update.ExportState());
        if (_state is not null)
            state.Add(CarriedStateName, _state.Export());
        return state;
    }

    public void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        using var scope = NewDisposeScope();
        _update.ImportState(state, updateCount);
        if (_state is null)
            return;
        if (!state.TryGetValue(CarriedStateName, out float[]? carried))
            throw new ArgumentException(Invariant($"The engine state has no '{CarriedStateName}'; it has {string.Join(", ", state.Keys)}."), nameof(state));
        _state.Import(carried);
    }

    /// <summary>A managed engine of the same weights looks at the few examples: libtorch's fused layers do not show their gates.</summary>
    public IReadOnlyList<LayerObservation> Probe(SequenceBatch batch, Span<float> outputs, out LossSum loss)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        using var scope = NewDisposeScope();
        float[] weights = new float[Parameters.BlockLength];
        _weights.CopyTo(weights);
        _probe ??= new ManagedEngine(Spec, Options with { Stateful = false });
        _probe.ImportWeights(weights);
        return _probe.Probe(batch, outputs, out loss);
    }

    public void Dispose() => _use.Dispose();

    public override string ToString() => Invariant($"{nameof(TrainingEngine.Torch)} on {_device}");

    // The gradient of the mean costs a pass over all gradients less than that of the sum, divided.
    private (Tensor Sum, double Weight) RunBackward(SequenceBatch batch, int shard, bool ofMean, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _weights.ClearGradient();
        _draws.Begin(Options.Seed, _update.BegunCount, shard);
        (Tensor sum, double weight) = Forward(batch, _draws);
        cancellationToken.ThrowIfCancellationRequested();
        if (weight > 0)
            (ofMean ? sum / weight : sum).backward();
        _weights.GatherGradient();
        cancellationToken.ThrowIfCancellationRequested();
        return (weight > 0 ? sum.detach() : zeros_like(sum), weight);
    }

    private (Tensor Sum, double Weight) Forward(SequenceBatch batch, DropoutDraws? draws)
    {
        BeginPass();
        var onDevice = new DeviceBatch(batch, Spec, _device);
        return _loss.Of(onDevice, _network.Forward(onDevice, _state, draws));
    }

    private void BeginPass()
    {
        SetUp();
        _weights.Round();
    }

    // What libtorch has one of in a process, another engine may have set otherwise.
    private void SetUp()
    {
        int threads = Options.Threads ?? Environment.ProcessorCount;
        if (get_num_threads() != threads)
            set_num_threads(threads);
        if (_device.type != TorchSharp.DeviceType.CUDA)
            return;
        backends.cuda.matmul.allow_tf32 = _precision == TorchPrecision.TensorFloat32;
        backends.cudnn.allow_tf32 = _precision == TorchPrecision.TensorFloat32;
    }

    private void RequireRead()
    {
        if (_update.UnreadCount == MostUnreadSteps)
            throw new InvalidOperationException(Invariant($"The results of {Plural.Of(MostUnreadSteps, "step is", "steps are")} unread; expected {nameof(ReadSteps)} before the next step."));
    }

    private void RequireBlock(int length, string what) =>
        Guard.Require(length == Parameters.BlockLength, what, Plural.Of(length, "float"), $"{Parameters.BlockLength}");

    private void Free()
    {
        _probe?.Dispose();
        _state?.Dispose();
        _update.Dispose();
        _weights.Dispose();
        _draws.Dispose();
    }
}
