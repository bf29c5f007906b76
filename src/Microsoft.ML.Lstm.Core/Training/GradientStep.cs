using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Threading;
using Microsoft.ML.Lstm.Training.Optimizers;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The gradient block and what happens to it: clearing, clipping, noise, the optimiser's update. The block is cut into tiles of one size; each
/// tile's sum of squares is added to the norm in order, so that the norm does not depend on the number of workers. A large block is too long for
/// the caches, so what follows the norm is done tile by tile: scaling, update, and clearing for the next step. Rows of the embedding without a gradient are
/// left out of all but the update, and of that where the optimiser would not move them.
/// </summary>
internal sealed unsafe class GradientStep
{
    private const int Tile = 16384;
    private readonly NetworkWeights _weights;
    private readonly EngineOptions _options;
    private readonly WorkerTeam _team;
    private readonly Optimizer _optimizer;
    private readonly double[] _squares;
    private readonly int _firstMoved;
    private readonly GradientNoise? _noise;
    private readonly LiveRanges _live;
    private float _clipFactor = 1;
    private bool _isClear;

    public GradientStep(NetworkWeights weights, EngineOptions options, WorkerTeam team)
    {
        (_weights, _options, _team) = (weights, options, team);
        Length = weights.Layout.BlockLength;
        Gradients = new FloatBuffer(Length);
        _optimizer = new Optimizer(options.Optimizer, Length);
        _live = new LiveRanges(weights.Layout, weights.Spec);
        // What is frozen stands at the block's beginning; without a gradient, weight decay would still move it.
        _firstMoved = weights.Layout.FrozenLength(options.FrozenLayers, options.FreezeEmbedding);
        _squares = new double[(Length + Tile - 1) / Tile];
        if (options.GradientNoise is { } variance)
            _noise = new GradientNoise(weights.Layout, variance, options.Seed);
    }

    /// <summary>The gradients, laid out as the parameters are.</summary>
    public FloatBuffer Gradients { get; }

    public long UpdateCount => _optimizer.UpdateCount;

    private int Length { get; }

    /// <summary>Zeroes the gradient, to which the backward pass adds; an update has already done so.</summary>
    public void ClearGradient()
    {
        if (!_isClear)
            ForTiles(new ClearTile(Gradients));
        _isClear = false;
        _live.SetAll();
    }

    /// <summary>Says which tokens the gradient is of, so that the rows of all others are known to be zero.</summary>
    public void SetTokens(ReadOnlySpan<int> tokens) => _live.SetTokens(tokens);

    /// <summary>Takes frozen layers out of the gradient, so that its norm is of what is trained.</summary>
    public void ClearFrozen()
    {
        if (_options.FrozenLayers > 0)
            Gradients.Span[.._firstMoved].Clear();
    }

    /// <summary>Takes over a gradient, times a factor.</summary>
    public void SetGradient(ReadOnlySpan<float> gradient, float factor)
    {
        _isClear = false;
        _live.SetAll();
        gradient.CopyTo(Gradients.Span);
        ForTiles(new ScaleTile(Gradients, factor));
    }

    /// <summary>Clips by value, then by norm; returns the norm in between. The clipping by norm is left to <see cref="Update(float)"/>.</summary>
    public double ClipGradient()
    {
        _clipFactor = 1;
        ForTiles(new MeasureTile(this));
        double sum = 0;
        foreach (double square in _squares)
            sum += square;
        double norm = Math.Sqrt(sum);
        if (_options.ClipNorm is not { } limit || !(norm > limit) || !double.IsFinite(norm))
            return norm;
        // PyTorch's clip_grad_norm_: the 1e-6 keeps the quotient finite.
        _clipFactor = (float)(limit / (norm + 1e-6));
        return norm;
    }

    /// <summary>Moves the weights, against a gradient with noise if that is asked for, and zeroes the gradient.</summary>
    public void Update(float learningRate)
    {
        if (_noise is not null)
        {
            // Noise comes on top of the clipped gradient, in every row.
            _live.SetAll();
            ForTiles(new ScaleTile(Gradients, _clipFactor));
            _clipFactor = 1;
            _team.Run(new NoiseJob(_noise, Gradients, UpdateCount), Length);
        }
        _optimizer.BeginStep();
        ForTiles(new UpdateTile(this, learningRate));
        _isClear = true;
    }

    public IReadOnlyDictionary<string, float[]> ExportState() => _optimizer.ExportState();

    public void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount) => _optimizer.ImportState(state, updateCount);

    private void Measure(int start, int count)
    {
        var sum = new SquareSum();
        foreach ((int first, int end) in _live.Within(start, start + count))
        {
            if (_options.ClipValue is { } limit)
                RowMath.Clamp(Gradients.Pointer + first, limit, end - first);
            // Ranges but the block's last one are of whole rounds.
            sum.Add(Gradients.Pointer + first, end - first);
        }
        _squares[start / Tile] = sum.Total();
    }

    private void Update(int start, int count, float learningRate)
    {
        foreach ((int first, int end) in _live.Within(start, start + count))
        {
            if (_clipFactor != 1)
                RowMath.Scale(Gradients.Pointer + first, _clipFactor, end - first);
            if (_optimizer.KeepsWhereGradientIsZero)
                Move(first, end, learningRate);
        }
        if (!_optimizer.KeepsWhereGradientIsZero)
            Move(start, start + count, learningRate);
        foreach ((int first, int end) in _live.Within(start, start + count))
            Gradients.Span[first..end].Clear();
    }

    private void Move(int start, int end, float learningRate)
    {
        start = Math.Clamp(_firstMoved, start, end);
        _optimizer.Update(new Span<float>(_weights.Block + start, end - start), Gradients.Span[start..end], start, learningRate);
    }

    private void ForTiles<T>(in T tile)
        where T : struct, ITileJob => _team.Run(new TilesJob<T>(tile, Length), Length);

    /// <summary>What is done to one tile of the block.</summary>
    private interface ITileJob
    {
        void Run(int start, int count);
    }

    private readonly struct TilesJob<T>(T tile, int length) : IParallelJob
        where T : struct, ITileJob
    {
        public void Run(int part, int parts)
        {
            (int start, int end) = WorkerTeam.Share(length, part, parts, Tile);
            for (; start < end; start += Tile)
                tile.Run(start, Math.Min(Tile, end - start));
        }
    }

    private readonly struct ClearTile(FloatBuffer gradients) : ITileJob
    {
        public void Run(int start, int count) => gradients.Span.Slice(start, count).Clear();
    }

    private readonly struct MeasureTile(GradientStep step) : ITileJob
    {
        public void Run(int start, int count) => step.Measure(start, count);
    }

    private readonly struct ScaleTile(FloatBuffer gradients, float factor) : ITileJob
    {
        public void Run(int start, int count) => RowMath.Scale(gradients.Pointer + start, factor, count);
    }

    private readonly struct UpdateTile(GradientStep step, float learningRate) : ITileJob
    {
        public void Run(int start, int count) => step.Update(start, count, learningRate);
    }

    private readonly struct NoiseJob(GradientNoise noise, FloatBuffer gradients, long update) : IParallelJob
    {
        public void Run(int part, int parts) => noise.Add(gradients.Pointer, update, part, parts);
    }
}
