using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;
using Microsoft.ML.Lstm.Training.Optimizers;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The engine in managed code: hand-derived backpropagation through time on SIMD kernels. Same seed, same bits, whatever the number of
/// threads and the width of the machine's vectors. At steady state a step allocates nothing.
/// </summary>
public sealed unsafe class ManagedEngine : ITrainingEngine, ILayerProbe
{
    // More updates than any training makes, so that shards never share a key of dropout with another update.
    private const int ShardShift = 40;

    private readonly WorkerTeam _team;
    private readonly ExclusiveUse _use;
    private readonly NetworkWeights _weights;
    private readonly INetwork _network;
    private readonly LossFunction _loss;
    private readonly GradientStep _step;
    private readonly CarriedStates? _states;
    private StepResult? _unread;

    /// <summary>Builds the network with freshly drawn weights.</summary>
    /// <exception cref="ArgumentException">The specification or an option does not fit; names it, the value and what was expected.</exception>
    /// <exception cref="InvalidOperationException">The network takes more memory to train than there is.</exception>
    public ManagedEngine(NetworkSpec spec, EngineOptions options)
    {
        options.Validate(spec);
        Options = options;
        Parameters = new ParameterLayout(spec);
        PassMemory.RequireTraining(Parameters);
        _weights = new NetworkWeights(spec, Parameters, forTraining: true);
        // After what can fail, so that a failure leaves no thread behind.
        _team = new WorkerTeam(options.Threads ?? Environment.ProcessorCount);
        _use = new ExclusiveUse(nameof(ManagedEngine), _team.Dispose);
        try
        {
            _network = INetwork.Create(_weights, _team);
            _loss = new LossFunction(options.Loss, spec, _team);
            _step = new GradientStep(_weights, options, _team);
            _states = options.Stateful ? new CarriedStates(spec) : null;
            WeightInitializer.Fill(_weights.Span, Parameters, spec, options.Initialization, options.Seed);
            _weights.Pack(_team);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public NetworkSpec Spec => _weights.Spec;

    /// <inheritdoc/>
    public ParameterLayout Parameters { get; }

    /// <inheritdoc/>
    public EngineOptions Options { get; }

    /// <inheritdoc/>
    public long UpdateCount => _step.UpdateCount;

    /// <inheritdoc/>
    public bool IsStateful => Options.Stateful;

    /// <inheritdoc/>
    public bool CarriesStateOfShards => true;

    /// <inheritdoc/>
    public int MostUnreadSteps => 1;

    /// <inheritdoc/>
    public void TrainStep(SequenceBatch batch, float learningRate, CancellationToken cancellationToken = default)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        RequireRead();
        LossSum loss = RunBackward(batch, LossGradient.OfMean, shard: 0, cancellationToken);
        Finish(loss, learningRate);
    }

    /// <inheritdoc/>
    public LossSum ComputeGradient(SequenceBatch batch, Span<float> gradient, int shard = 0, CancellationToken cancellationToken = default)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        Guard.RequireArgument(shard >= 0, nameof(shard), shard, "0 or more");
        RequireBlock(gradient.Length, "gradient");
        LossSum loss = RunBackward(batch, LossGradient.OfSum, shard, cancellationToken);
        _step.Gradients.Span[..Parameters.BlockLength].CopyTo(gradient);
        return loss;
    }

    /// <inheritdoc/>
    public void ApplyGradient(ReadOnlySpan<float> gradient, LossSum loss, float learningRate)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        RequireRead();
        RequireBlock(gradient.Length, "gradient");
        _step.SetGradient(gradient, loss.Weight > 0 ? (float)(1 / loss.Weight) : 0);
        Finish(loss, learningRate);
    }

    /// <inheritdoc/>
    public int ReadSteps(Span<StepResult> results)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        if (_unread is not { } result)
            return 0;
        results[0] = result;
        _unread = null;
        return 1;
    }

    /// <inheritdoc/>
    public LossSum Evaluate(SequenceBatch batch, CancellationToken cancellationToken = default)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _team.CancellationToken = cancellationToken;
        try
        {
            _network.Forward(batch, PassKind.Score, _states?.Of(shard: 0), DropoutPlan.None);
            return LossOf(batch, LossGradient.None);
        }
        finally
        {
            _team.CancellationToken = default;
        }
    }

    /// <inheritdoc/>
    public void Predict(SequenceBatch batch, Span<float> outputs)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _network.Forward(batch, PassKind.Score, _states?.Of(shard: 0), DropoutPlan.None);
        _network.CopyOutputs(outputs);
    }

    /// <inheritdoc/>
    public void ResetState()
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _states?.Reset();
    }

    /// <inheritdoc/>
    public void ExportWeights(Span<float> block)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _weights.Span.CopyTo(block);
    }

    /// <inheritdoc/>
    public void ImportWeights(ReadOnlySpan<float> block)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        RequireBlock(block.Length, "weights");
        block.CopyTo(_weights.Span);
        _weights.Pack(_team);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> ExportState()
    {
        using ExclusiveUse.Lease use = _use.Begin();
        var state = new Dictionary<string, float[]>(_step.ExportState());
        _states?.ExportTo(state);
        return state;
    }

    /// <inheritdoc/>
    public void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _step.ImportState(state, updateCount);
        _states?.Import(state);
    }

    /// <inheritdoc/>
    public IReadOnlyList<LayerObservation> Probe(SequenceBatch batch, Span<float> outputs, out LossSum loss)
    {
        using ExclusiveUse.Lease use = _use.Begin();
        _network.Forward(batch, PassKind.Trace, state: null, DropoutPlan.None);
        _network.CopyOutputs(outputs);
        loss = LossOf(batch, LossGradient.OfMean);
        if (Spec.Output == OutputPosition.EveryStep)
            for (int t = 0; t < batch.StepCount; t++)
                for (int p = 0; p < batch.Rows(t); p++)
                    if (t != batch.Lengths[p] - 1)
                        new Span<float>(_network.Output + (batch.Row(p, t) * _network.OutputRow), Spec.OutputSize).Clear();
        _step.ClearGradient();
        _network.Backward(_step.Gradients.Pointer, freezeEmbedding: true);
        var layers = new List<LayerObservation>();
        for (int layer = 0; layer < Spec.HiddenSizes.Count; layer++)
            for (int direction = 0; direction < Spec.Directions; direction++)
                layers.Add(LayerReading.Of(_network.Trace(layer, direction), batch, layer, direction));
        return layers;
    }

    /// <summary>Ends the worker threads; while a call is under way on another thread, when that is over.</summary>
    public void Dispose() => _use.Dispose();

    /// <summary>What trains, for logs.</summary>
    public override string ToString() => Invariant($"{nameof(TrainingEngine.Managed)} on {Plural.Of(_team.Size, "thread")}");

    private LossSum RunBackward(SequenceBatch batch, LossGradient kind, int shard, CancellationToken cancellationToken)
    {
        _team.CancellationToken = cancellationToken;
        try
        {
            _network.Forward(batch, PassKind.Train, _states?.Of(shard), Dropout(shard));
            LossSum loss = LossOf(batch, kind);
            _step.ClearGradient();
            if (loss.Weight > 0)
                _network.Backward(_step.Gradients.Pointer, Options.FreezeEmbedding || Options.FrozenLayers > 0);
            _step.ClearFrozen();
            _step.SetTokens(batch.Tokens);
            return loss;
        }
        finally
        {
            // An update is made whole.
            _team.CancellationToken = default;
        }
    }

    private void Finish(LossSum loss, float learningRate)
    {
        var result = new StepResult(loss, _step.ClipGradient());
        if (result.IsFinite)
        {
            _step.Update(learningRate);
            _weights.Pack(_team);
        }
        _unread = result;
    }

    private LossSum LossOf(SequenceBatch batch, LossGradient gradient) =>
        _loss.Evaluate(batch, _network.Output, _network.OutputRow, _network.OutputRows, gradient);

    private DropoutPlan Dropout(int shard) => new()
    {
        InputRate = Options.Regularization.InputDropout,
        EmbeddingRate = Options.Regularization.EmbeddingDropout,
        LayerRate = Options.Regularization.LayerDropout,
        RecurrentRate = Options.Regularization.RecurrentDropout,
        OutputRate = Options.Regularization.OutputDropout,
        SeriesRate = Options.Regularization.SeriesDropout,
        LayerCount = Spec.HiddenSizes.Count,
        Seed = Options.Seed,
        Step = UpdateCount + ((long)shard << ShardShift),
    };

    private void RequireRead()
    {
        if (_unread is not null)
            throw new InvalidOperationException($"The result of a step is unread; expected {nameof(ReadSteps)} before the next step.");
    }

    private void RequireBlock(int length, string what) =>
        Guard.Require(length == Parameters.BlockLength, what, Plural.Of(length, "float"), $"{Parameters.BlockLength}");
}
