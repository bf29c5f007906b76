using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training.Optimizers;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The gradient block and what happens to it: clearing, clipping, noise, the optimiser's update. The block is cut into tiles of one size; each
/// tile's sum of squares is added to the norm in order, so that the norm does not depend on the number of workers.
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
    private readonly Action<int, int> _clear, _measure, _scale, _update;
    private readonly Action<int, int>? _disturb;
    private float _factor, _learningRate;

    public GradientStep(NetworkWeights weights, EngineOptions options, WorkerTeam team)
    {
        (_weights, _options, _team) = (weights, options, team);
        Length = weights.Layout.BlockLength;
        Gradients = new FloatBuffer(Length);
        _optimizer = new Optimizer(options.Optimizer, Length);
        // A frozen embedding has no gradient, but weight decay would still move it; it is the block's first parameter.
        if (options.FreezeEmbedding && weights.Layout.Contains("embedding.weight"))
            _firstMoved = weights.Layout["embedding.weight"].Length;
        _squares = new double[(Length + Tile - 1) / Tile];
        _clear = (worker, workers) => ForTiles(worker, workers, static (step, start, count) => new Span<float>(step.Gradients.Pointer + start, count).Clear());
        _measure = (worker, workers) => ForTiles(worker, workers, static (step, start, count) => step.Measure(start, count));
        _scale = (worker, workers) => ForTiles(worker, workers, static (step, start, count) => RowMath.Scale(step.Gradients.Pointer + start, step._factor, count));
        _update = (worker, workers) => ForTiles(worker, workers, static (step, start, count) => step.Update(start, count));
        if (options.GradientNoise is { } variance)
        {
            var noise = new GradientNoise(weights.Layout, variance, options.Seed);
            _disturb = (worker, workers) => noise.Add(Gradients.Pointer, UpdateCount, worker, workers);
        }
    }

    /// <summary>The gradients, laid out as the parameters are.</summary>
    public FloatBuffer Gradients { get; }

    public long UpdateCount => _optimizer.UpdateCount;

    private int Length { get; }

    public void ClearGradient() => _team.Run(_clear, Length);

    /// <summary>Takes over a gradient, times a factor.</summary>
    public void SetGradient(ReadOnlySpan<float> gradient, float factor)
    {
        gradient.CopyTo(Gradients.Span);
        _factor = factor;
        _team.Run(_scale, Length);
    }

    /// <summary>Clips by value, then by norm; returns the norm in between.</summary>
    public double ClipGradient()
    {
        _team.Run(_measure, Length);
        double sum = 0;
        foreach (double square in _squares)
            sum += square;
        double norm = Math.Sqrt(sum);
        if (_options.ClipNorm is not { } limit || !(norm > limit) || !double.IsFinite(norm))
            return norm;
        // PyTorch's clip_grad_norm_: the 1e-6 keeps the quotient finite.
        _factor = (float)(limit / (norm + 1e-6));
        _team.Run(_scale, Length);
        return norm;
    }

    /// <summary>Moves the weights, against a gradient with noise if that is asked for.</summary>
    public void Update(float learningRate)
    {
        if (_disturb is not null)
            _team.Run(_disturb, Length);
        _learningRate = learningRate;
        _optimizer.BeginStep();
        _team.Run(_update, Length);
    }

    public IReadOnlyDictionary<string, float[]> ExportState() => _optimizer.ExportState();

    public void ImportState(IReadOnlyDictionary<string, float[]> state, long updateCount) => _optimizer.ImportState(state, updateCount);

    private void Measure(int start, int count)
    {
        if (_options.ClipValue is { } limit)
            RowMath.Clamp(Gradients.Pointer + start, limit, count);
        _squares[start / Tile] = RowMath.SumOfSquares(Gradients.Pointer + start, count);
    }

    private void Update(int start, int count)
    {
        int end = start + count;
        start = Math.Min(Math.Max(start, _firstMoved), end);
        _optimizer.Update(new Span<float>(_weights.Block + start, end - start), new ReadOnlySpan<float>(Gradients.Pointer + start, end - start), start, _learningRate);
    }

    private void ForTiles(int worker, int workers, Action<GradientStep, int, int> action)
    {
        (int start, int end) = WorkerTeam.Share(Length, worker, workers, Tile);
        for (int tile = start; tile < end; tile += Tile)
            action(this, tile, Math.Min(Tile, end - tile));
    }
}
