using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Optimizers;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>
/// Linear least squares behind the engine's seam: y = w·(x + c) + b at the steps that have a target, with c ← c/2 + x₀ carried from step to
/// step, and from batch to batch when stateful. Small enough to reason about, and with all the state that a loop must keep.
/// </summary>
internal sealed class LinearEngine : ITrainingEngine
{
    private readonly Optimizer _optimizer;
    private readonly float[] _weights;
    private readonly float[] _gradients;
    private readonly bool _stateful;
    private readonly Queue<StepResult> _unread = [];
    private float[] _carry = [];

    public LinearEngine(int features, bool everyStep = false, bool stateful = false, OptimizerSpec? optimizer = null)
    {
        Spec = new NetworkSpec { InputSize = features, HiddenSizes = [features], OutputSize = 1, Output = everyStep ? OutputPosition.EveryStep : OutputPosition.LastStep };
        Parameters = new ParameterLayout(Spec);
        _optimizer = new Optimizer(optimizer ?? new(), Parameters.BlockLength);
        (_weights, _gradients, _stateful) = (new float[Parameters.BlockLength], new float[Parameters.BlockLength], stateful);
    }

    public NetworkSpec Spec { get; }

    public EngineOptions Options { get; } = Plain.Engine;

    public ParameterLayout Parameters { get; }

    public long UpdateCount => _optimizer.UpdateCount;

    public bool IsStateful => _stateful;

    /// <summary>As an engine on a device would have it, more than 1; each step's result is kept until it is read.</summary>
    public int MostUnreadSteps { get; init; } = 1;

    /// <summary>Calls made, in order.</summary>
    public List<string> Calls { get; } = [];

    public float[] Weights => [.. _weights];

    private Span<float> W => _weights.AsSpan(Parameters["output.weight"].Offset, Spec.InputSize);

    private ref float Bias => ref _weights[Parameters["output.bias"].Offset];

    public void TrainStep(SequenceBatch batch, float learningRate, CancellationToken cancellationToken = default)
    {
        Calls.Add(nameof(TrainStep));
        ApplyGradient(_gradients, Sum(batch), learningRate);
    }

    public LossSum ComputeGradient(SequenceBatch batch, Span<float> gradient, int shard = 0, CancellationToken cancellationToken = default)
    {
        LossSum loss = Sum(batch);
        _gradients.CopyTo(gradient);
        return loss;
    }

    public void ApplyGradient(ReadOnlySpan<float> gradient, LossSum loss, float learningRate)
    {
        if (_unread.Count == MostUnreadSteps)
            throw new InvalidOperationException("Results are unread.");
        double square = 0;
        for (int i = 0; i < gradient.Length; i++)
        {
            _gradients[i] = loss.Weight > 0 ? (float)(gradient[i] / loss.Weight) : 0;
            square += _gradients[i] * (double)_gradients[i];
        }
        var result = new StepResult(loss, Math.Sqrt(square));
        _unread.Enqueue(result);
        if (!result.IsFinite)
            return;
        _optimizer.BeginStep();
        _optimizer.Update(_weights, _gradients, 0, learningRate);
    }

    public int ReadSteps(Span<StepResult> results)
    {
        Calls.Add(nameof(ReadSteps));
        int count = 0;
        while (_unread.TryDequeue(out StepResult result))
            results[count++] = result;
        return count;
    }

    public LossSum Evaluate(SequenceBatch batch, CancellationToken cancellationToken = default)
    {
        Calls.Add(nameof(Evaluate));
        return Run(batch, [], backward: false);
    }

    public void Predict(SequenceBatch batch, Span<float> outputs)
    {
        Calls.Add(nameof(Predict));
        Run(batch, outputs, backward: false);
    }

    public void ResetState() => Array.Clear(_carry);

    public void ExportWeights(Span<float> block)
    {
        Calls.Add(nameof(ExportWeights));
        _weights.CopyTo(block);
    }

    public void ImportWeights(ReadOnlySpan<float> block) => block.CopyTo(_weights);

    public IReadOnlyDictionary<string, float[]> ExportState() =>
        new Dictionary<string, float[]>(_optimizer.ExportState()) { ["carry"] = [.. _carry] };

    public void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount)
    {
        _optimizer.ImportState(state, updateCount);
        _carry = [.. state["carry"]];
    }

    public void Dispose()
    {
    }

    private LossSum Sum(SequenceBatch batch)
    {
        Array.Clear(_gradients);
        return Run(batch, [], backward: true);
    }

    private LossSum Run(SequenceBatch batch, Span<float> outputs, bool backward)
    {
        if (_carry.Length != batch.SequenceCount || !_stateful)
            Array.Resize(ref _carry, batch.SequenceCount);
        if (!_stateful)
            Array.Clear(_carry);
        var sum = new LossSum();
        for (int t = 0; t < batch.StepCount; t++)
            for (int p = 0; p < batch.Rows(t); p++)
                if (RunStep(batch, p, t, outputs) is var (row, y) && row >= 0)
                    sum += Score(batch, p, t, row, y, backward);
        return sum;
    }

    private (int Row, float Y) RunStep(SequenceBatch batch, int p, int t, Span<float> outputs)
    {
        ReadOnlySpan<float> x = X(batch, p, t);
        _carry[p] = _carry[p] / 2 + x[0];
        bool everyStep = Spec.Output == OutputPosition.EveryStep;
        if (!everyStep && t != batch.Lengths[p] - 1)
            return (-1, 0);
        float y = Bias;
        for (int i = 0; i < x.Length; i++)
            y += W[i] * (x[i] + _carry[p]);
        int row = everyStep ? batch.Row(p, t) : p;
        if (!outputs.IsEmpty)
            outputs[row] = y;
        return (row, y);
    }

    private LossSum Score(SequenceBatch batch, int p, int t, int row, float y, bool backward)
    {
        if (batch.TargetSize == 0)
            return default;
        float difference = y - batch.Targets[row], weight = batch.Weights[p];
        if (backward)
        {
            float dy = (float)(2 * difference * weight);
            ReadOnlySpan<float> x = X(batch, p, t);
            Span<float> dw = _gradients.AsSpan(Parameters["output.weight"].Offset);
            for (int i = 0; i < x.Length; i++)
                dw[i] += dy * (x[i] + _carry[p]);
            _gradients[Parameters["output.bias"].Offset] += dy;
        }
        return new LossSum(weight * (double)difference * difference, weight);
    }

    private ReadOnlySpan<float> X(SequenceBatch batch, int p, int t) => batch.Features.Slice(batch.Row(p, t) * Spec.InputSize, Spec.InputSize);
}
