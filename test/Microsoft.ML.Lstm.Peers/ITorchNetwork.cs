using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>A workload's network as one writes it with TorchSharp alone.</summary>
internal interface ITorchNetwork : IDisposable
{
    /// <summary>The parameters by our names (<see cref="Network.ParameterLayout"/>).</summary>
    IReadOnlyDictionary<string, Parameter> Parameters { get; }

    /// <summary>The outputs of the batch, which is uploaded anew: a row for each target row.</summary>
    Tensor Forward();
}
