using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// A network's parameters in one block, and their packed copies. Between two packings nothing changes, so scorers on many threads share one.
/// </summary>
internal sealed unsafe class NetworkWeights
{
    private readonly FloatBuffer _block;
    private readonly Action<int, int> _pack;

    public NetworkWeights(NetworkSpec spec, ParameterLayout layout, bool forTraining)
    {
        (Spec, Layout) = (spec, layout);
        _block = new FloatBuffer(layout.BlockLength);
        Layers = [.. Enumerable.Range(0, spec.HiddenSizes.Count).Select(layer =>
            Enumerable.Range(0, spec.Directions).Select(direction => new LayerWeights(spec, layout, layer, direction, forTraining)).ToArray())];
        Dense = new DenseWeights(spec, layout, forTraining);
        _pack = RunPack;
    }

    public NetworkSpec Spec { get; }

    public ParameterLayout Layout { get; }

    /// <summary>All parameters, laid out by <see cref="Layout"/>.</summary>
    public float* Block => _block.Pointer;

    public Span<float> Span => _block.Span;

    /// <summary>By layer, then direction.</summary>
    public LayerWeights[][] Layers { get; }

    public DenseWeights Dense { get; }

    /// <summary>Brings the packed copies up to date with the block.</summary>
    public void Pack(WorkerTeam team) => team.Run(_pack, Layout.BlockLength);

    private void RunPack(int worker, int workers)
    {
        foreach (LayerWeights[] directions in Layers)
            foreach (LayerWeights layer in directions)
                layer.Pack(Block, worker, workers);
        Dense.Pack(Block, worker, workers);
    }
}
