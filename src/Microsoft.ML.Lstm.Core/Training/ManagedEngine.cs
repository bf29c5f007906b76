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
public sealed unsafe class ManagedEngine : ISequenceEngine
{
    /// <summary>Key of the carried recurrent state in <see cref="ExportState"/>.</summary>
    private const string CarriedStateName = "state";

    private readonly EngineOptions _options;
    private readonly WorkerTeam _team;
    private readonly NetworkWeights _weights;
    private readonly INetwork _network;
    private readonly LossFunction _loss;
    private readonly GradientStep _step;
    private readonly NetworkState? _state;

    /// <summary>Builds the network with freshly drawn weights.</summary>
    /// <exception cref="ArgumentException">The specification or an option does not fit; names it, the value and what was expected.</exception>
    public ManagedEngine(NetworkSpec spec, EngineOptions options)
    {
        options.Validate(spec);
        _options = options;
        Parameters = new ParameterLayout(spec);
        _team = new WorkerTeam(options.Threads ?? Environment.ProcessorCount);
        _weights = new NetworkWeights(spec, Parameters, forTraining: true);
        _network = INetwork.Create(_weights, _team);
        _loss = new LossFunction(options.Loss, spec.OutputSize, _team);
        _step = new GradientStep(_weights, options, _team);
        _state = options.Stateful ? new NetworkState(spec) : null;
        WeightInitializer.Fill(_weights.Span, Parameters, spec, options.Initialization, options.Seed);
        _weights.Pack(_team);
    }

    /// <inheritdoc/>
    public NetworkSpec Spec => _weights.Spec;

    /// <inheritdoc/>
    public ParameterLayout Parameters { get; }

    /// <inheritdoc/>
    public long UpdateCount => _step.UpdateCount;

    /// <inheritdoc/>
    public bool IsStateful => _options.Stateful;

    /// <inheritdoc/>
    public EngineOptions Options => _options;

    /// <inheritdoc/>
    public StepResult TrainStep(SequenceBatch batch, float learningRate)
    {
        double loss = ComputeGradients(batch);
        double norm = _step.ClipGradient();
        if (double.IsFinite(loss) && double.IsFinite(norm))
        {
            _step.Update(learningRate);
            _weights.Pack(_team);
        }
        return new StepResult(loss, norm);
    }

    /// <inheritdoc/>
    public LossSum Evaluate(SequenceBatch batch)
    {
        _network.Forward(batch, PassKind.Score, _state, DropoutPlan.None);
        return _loss.Evaluate(batch, _network.Output, _network.OutputRow, _network.OutputRows, gradient: false);
    }

    /// <inheritdoc/>
    public void Predict(SequenceBatch batch, Span<float> outputs)
    {
        _network.Forward(batch, PassKind.Score, _state, DropoutPlan.None);
        _network.CopyOutputs(outputs);
    }

    /// <inheritdoc/>
    public void ResetState() => _state?.Reset();

    /// <inheritdoc/>
    public void ExportWeights(Span<float> block) => _weights.Span.CopyTo(block);

    /// <inheritdoc/>
    public void ImportWeights(ReadOnlySpan<float> block)
    {
        if (block.Length != Parameters.BlockLength)
            throw new ArgumentException(Invariant($"The weights have {Plural.Of(block.Length, "float")}; expected {Parameters.BlockLength}."), nameof(block));
        block.CopyTo(_weights.Span);
        _weights.Pack(_team);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, float[]> ExportState()
    {
        var state = new Dictionary<string, float[]>(_step.ExportState());
        if (_state is not null)
            state.Add(CarriedStateName, _state.Export());
        return state;
    }

    /// <inheritdoc/>
    public void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount)
    {
        _step.ImportState(state, updateCount);
        if (_state is null)
            return;
        if (!state.TryGetValue(CarriedStateName, out float[]? carried))
            throw new ArgumentException(Invariant($"The engine state has no '{CarriedStateName}'; it has {string.Join(", ", state.Keys)}."), nameof(state));
        _state.Import(carried);
    }

    /// <summary>Ends the worker threads.</summary>
    public void Dispose() => _team.Dispose();

    /// <summary>The loss and its gradient, unclipped, in the parameters' layout; the weights stay.</summary>
    internal double ComputeGradients(SequenceBatch batch, Span<float> gradients)
    {
        double loss = ComputeGradients(batch);
        _step.Gradients.Span[..Parameters.BlockLength].CopyTo(gradients);
        return loss;
    }

    /// <summary>
    /// A pass forward and back that no training depends on: no dropout, no carried state, no update. Gives the batch's loss and raw outputs;
    /// what goes back is the loss at each sequence's last output alone, and <see cref="Trace"/> then shows how far.
    /// </summary>
    internal LossSum Probe(SequenceBatch batch, Span<float> outputs)
    {
        _network.Forward(batch, PassKind.Trace, state: null, DropoutPlan.None);
        _network.CopyOutputs(outputs);
        LossSum loss = _loss.Evaluate(batch, _network.Output, _network.OutputRow, _network.OutputRows, gradient: true);
        if (Spec.Output == OutputPosition.EveryStep)
            for (int t = 0; t < batch.StepCount; t++)
                for (int p = 0; p < batch.Rows(t); p++)
                    if (t != batch.Lengths[p] - 1)
                        new Span<float>(_network.Output + (batch.Row(p, t) * _network.OutputRow), Spec.OutputSize).Clear();
        _network.Backward(_step.Gradients.Pointer, freezeEmbedding: true);
        return loss;
    }

    /// <summary>What the last kept pass left in a layer.</summary>
    internal LayerTrace Trace(int layer, int direction) => _network.Trace(layer, direction);

    private double ComputeGradients(SequenceBatch batch)
    {
        RegularizationSpec dropout = _options.Regularization;
        var plan = new DropoutPlan
        {
            InputRate = dropout.InputDropout,
            EmbeddingRate = dropout.EmbeddingDropout,
            LayerRate = dropout.LayerDropout,
            RecurrentRate = dropout.RecurrentDropout,
            OutputRate = dropout.OutputDropout,
            SeriesRate = dropout.SeriesDropout,
            LayerCount = Spec.HiddenSizes.Count,
            Seed = _options.Seed,
            Step = UpdateCount,
        };
        _network.Forward(batch, PassKind.Train, _state, plan);
        LossSum loss = _loss.Evaluate(batch, _network.Output, _network.OutputRow, _network.OutputRows, gradient: true);
        _step.ClearGradient();
        if (loss.Weight > 0)
            _network.Backward(_step.Gradients.Pointer, _options.FreezeEmbedding);
        return loss.Weight > 0 ? loss.Mean : 0;
    }
}
