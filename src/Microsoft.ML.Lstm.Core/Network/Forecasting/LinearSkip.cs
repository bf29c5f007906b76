using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// The linear forecast beside the recurrent one (LSTNet's highway, Lai et al. 2018): y = z·Wᵀ + b from z, the last L values of a target, the
/// last one last, with zeros where a window is shorter. One row for each sequence and target, p·C + c: z [B·C, L], y [B·C, H·Q].
/// </summary>
internal sealed unsafe class LinearSkip
{
    private readonly ForecastSpec _spec;
    private readonly int _windowRow;
    private readonly WorkerTeam _team;
    private readonly DenseLayer _dense;
    private readonly FloatBuffer _windows = new();
    private SequenceBatch _batch = null!;

    public LinearSkip(NetworkSpec spec, DenseWeights weights, WorkerTeam team)
    {
        (_spec, _team, _dense) = (spec.Forecast!, team, new DenseLayer(weights, team));
        _windowRow = Gemm.Stride(_spec.SkipLength);
    }

    /// <summary>y, [B·C, stride]; the caller puts ∂loss/∂y in its place before <see cref="Backward"/>.</summary>
    public float* Output => _dense.Output;

    public nint OutputRow => _dense.OutputRow;

    public void Forward(SequenceBatch batch)
    {
        _batch = batch;
        int rows = batch.SequenceCount * _spec.TargetCount;
        _windows.Reserve((long)rows * _windowRow);
        _team.Run(new GatherJob(this), (long)rows * _windowRow);
        _dense.Forward(_windows.Pointer, _windowRow, rows);
    }

    public void Backward(float* gradients) => _dense.Backward(Output, gradients, needsInput: false);

    private void Gather(int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_batch.SequenceCount, part, parts);
        for (int p = start; p < end; p++)
            for (int target = 0; target < _spec.TargetCount; target++)
                LastValues(_batch, _spec, p, target, new Span<float>(_windows.Pointer + ((((nint)p * _spec.TargetCount) + target) * _windowRow), _spec.SkipLength));
    }

    /// <summary>z of one sequence and target: its last values, the very last at the end; 0 where the window is shorter.</summary>
    internal static void LastValues(SequenceBatch batch, ForecastSpec spec, int sequence, int target, Span<float> to)
    {
        int features = batch.FeatureSize / spec.SegmentLength, lag = 1;
        for (int step = batch.Lengths[sequence] - 1; step >= 0 && lag <= to.Length; step--)
        {
            ReadOnlySpan<float> segment = batch.Features.Slice(batch.Row(sequence, step) * batch.FeatureSize, batch.FeatureSize);
            for (int row = spec.SegmentLength - 1; row >= 0 && lag <= to.Length; row--, lag++)
                to[^lag] = segment[(row * features) + target];
        }
        for (; lag <= to.Length; lag++)
            to[^lag] = 0;
    }

    private readonly struct GatherJob(LinearSkip layer) : IParallelJob
    {
        public void Run(int part, int parts) => layer.Gather(part, parts);
    }
}
