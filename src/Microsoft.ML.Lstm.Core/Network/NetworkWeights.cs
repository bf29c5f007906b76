using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network.Forecasting;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// A network's parameters in one block, and their packed copies. Between two packings nothing changes, so scorers on many threads share one.
/// </summary>
internal sealed unsafe class NetworkWeights
{
    private readonly FloatBuffer _block;

    public NetworkWeights(NetworkSpec spec, ParameterLayout layout, bool forTraining)
    {
        (Spec, Layout) = (spec, layout);
        _block = new FloatBuffer(layout.BlockLength);
        Layers = [.. Enumerable.Range(0, spec.HiddenSizes.Count).Select(layer =>
            Enumerable.Range(0, spec.Directions).Select(direction => new LayerWeights(spec, layout, layer, direction, forTraining)).ToArray())];
        // With tied embeddings the output layer's weight is the embedding's.
        Dense = new DenseWeights(layout[spec.TiedEmbeddings ? "embedding.weight" : "output.weight"], layout["output.bias"], forTraining);
        Forecast = spec.Forecast is null ? null : new ForecastWeights(spec, layout, Layers, forTraining);
    }

    public NetworkSpec Spec { get; }

    public ParameterLayout Layout { get; }

    /// <summary>All parameters, laid out by <see cref="Layout"/>.</summary>
    public float* Block => _block.Pointer;

    public Span<float> Span => _block.Span;

    /// <summary>By layer, then direction.</summary>
    public LayerWeights[][] Layers { get; }

    public DenseWeights Dense { get; }

    /// <summary>What a forecasting network has besides; null for another.</summary>
    public ForecastWeights? Forecast { get; }

    /// <summary>Brings the packed copies up to date with the block.</summary>
    public void Pack(WorkerTeam team) => team.Run(new PackJob(this), Layout.BlockLength);

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
