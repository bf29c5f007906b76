using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>Layers of equal size.</summary>
internal static class LayerSizes
{
    /// <summary>The most layers.</summary>
    public const int MostLayers = 1000;


    /// <exception cref="ArgumentOutOfRangeException">There are too many layers. That there are too few is told by the option.</exception>
    public static IReadOnlyList<int> Of(int hiddenSize, int numberOfLayers)
    {
        RequireArgument(numberOfLayers <= MostLayers, nameof(numberOfLayers), numberOfLayers, $"1 to {MostLayers}");
        return [.. Enumerable.Repeat(hiddenSize, Math.Max(0, numberOfLayers))];
    }
}
