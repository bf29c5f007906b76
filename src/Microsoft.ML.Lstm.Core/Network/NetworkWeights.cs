using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network.Forecasting;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// A network's parameters in one block, and their packed copies. Between two packings nothing changes, so scorers on many threads share one.
/// </summary>
internal sealed unsafe class NetworkWeights
{
    private FloatBuffer _block;

    public NetworkWeights(NetworkSpec spec, ParameterLayout layout, bool forTraining, WeightPrecision precision = WeightPrecision.Single)
    {
        (Spec, Layout) = (spec, layout);
        _block = new FloatBuffer(layout.BlockLength);
        Layers = [.. Enumerable.Range(0, spec.HiddenSizes.Count).Select(layer =>
            Enumerable.Range(0, spec.Directions).Select(direction => new LayerWeights(spec, layout, layer, direction, forTraining, precision)).ToArray())];
        // With tied embeddings the output layer's weight is the embedding's.
        Dense = new DenseWeights(layout[spec.TiedEmbeddings ? "embedding.weight" : "output.weight"], layout["output.bias"], forTraining, precision);
        Forecast = spec.Forecast is null ? null : new ForecastWeights(spec, layout, Layers, forTraining, precision);
    }

    public NetworkSpec Spec { get; }

    /// <summary>Where the parameters of <see cref="Block"/> lie.</summary>
    public ParameterLayout Layout { get; private set; }

    /// <summary>All parameters, or once the packed ones were released the others, laid out by <see cref="Layout"/>.</summary>
    public float* Block => _block.Pointer;

    public Span<float> Span => _block.Span;

    /// <summary>By layer, then direction.</summary>
    public LayerWeights[][] Layers { get; }

    public DenseWeights Dense { get; }

    /// <summary>What a forecasting network has besides; null for another.</summary>
    public ForecastWeights? Forecast { get; }

    /// <summary>Brings the packed copies up to date with the block.</summary>
    public void Pack(WorkerTeam team) => team.Run(new PackJob(this), Layout.BlockLength);

    /// <summary>
    /// Keeps of the block only what has no packed copy, so that weights are held once: for a network that only scores, before anything reads
    /// <see cref="Layout"/>. <see cref="Export"/> still gives all of it. A forecaster's block stays whole.
    /// </summary>
    public void ReleasePacked()
    {
        if (Forecast is not null)
            return;
        ParameterLayout kept = Layout.Where(slice => !IsPacked(slice.Name));
        var block = new FloatBuffer(kept.BlockLength);
        foreach (ParameterSlice slice in kept.Slices)
            Span.Slice(Layout[slice.Name].Offset, slice.Length).CopyTo(block.Span[slice.Offset..]);
        (_block, Layout) = (block, kept);
    }

    /// <summary>Writes all parameters as they were before <see cref="ReleasePacked"/>.</summary>
    /// <param name="all">The layout of the whole block.</param>
    /// <param name="destination">As long as that; gaps become zero.</param>
    public void Export(ParameterLayout all, Span<float> destination)
    {
        destination.Clear();
        foreach (ParameterSlice slice in Layout.Slices)
            Span.Slice(slice.Offset, slice.Length).CopyTo(destination[all[slice.Name].Offset..]);
        if (ReferenceEquals(all, Layout))
            return;
        fixed (float* block = destination)
        {
            foreach (LayerWeights[] directions in Layers)
                foreach (LayerWeights layer in directions)
                    layer.Unpack(block);
            if (!Spec.TiedEmbeddings)
                Dense.Unpack(block);
        }
    }

    // Biases are packed as sums, which cannot be taken apart.
    private static bool IsPacked(string name) => name is "output.weight"
        || name.StartsWith("rnn.weight_ih", StringComparison.Ordinal) || name.StartsWith("rnn.weight_hh", StringComparison.Ordinal);

    private readonly struct PackJob(NetworkWeights weights) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            foreach (LayerWeights[] directions in weights.Layers)
                foreach (LayerWeights layer in directions)
                    layer.Pack(weights.Block, part, parts);
            weights.Dense.Pack(weights.Block, part, parts);
            weights.Forecast?.Pack(weights.Block, part, parts);
        }
    }
}
