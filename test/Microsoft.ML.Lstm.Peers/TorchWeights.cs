using Microsoft.ML.Lstm.Network;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>Carries our weights over to libtorch's modules, whose parameters have the same names and shapes.</summary>
internal static class TorchWeights
{
    /// <summary>The parameters of modules, each name with its module's before it.</summary>
    public static Dictionary<string, Parameter> Named(params (string Name, nn.Module? Module)[] modules) => modules
        .Where(entry => entry.Module is not null)
        .SelectMany(entry => entry.Module!.named_parameters().Select(found => (Name: entry.Name + "." + found.name, found.parameter)))
        .ToDictionary(entry => entry.Name, entry => entry.parameter);

    /// <summary>Sets all parameters.</summary>
    /// <exception cref="InvalidOperationException">The networks do not have the same parameters.</exception>
    public static void Load(ITorchNetwork network, ParameterLayout layout, float[] block)
    {
        string[] missing = [.. layout.Slices.Select(slice => slice.Name).Except(network.Parameters.Keys), .. network.Parameters.Keys.Except(layout.Slices.Select(slice => slice.Name))];
        if (missing.Length > 0)
            throw new InvalidOperationException($"Only one of the two networks has {string.Join(", ", missing)}.");
        using var scope = NewDisposeScope();
        using IDisposable noGradient = no_grad();
        foreach (ParameterSlice slice in layout.Slices)
        {
            Parameter parameter = network.Parameters[slice.Name];
            parameter.copy_(tensor(block.AsSpan(slice.Offset, slice.Length).ToArray()).view(parameter.shape));
        }
    }
}
