using Microsoft.ML.Lstm.Tests.Architecture;

namespace Microsoft.ML.Lstm.Torch.Tests;

/// <summary>The Torch engine knows of Core what an engine is given, and none of the managed engine's kernels.</summary>
public sealed class TorchSharpArchitectureTests
{
    private static readonly string[] s_seam = [House.Root, "Network", "Sequences", "Threading", "Training"];

    // What users name, and what they do not; "Room/Type" allows one type of a room.
    private static readonly Dictionary<string, string[]> s_allowed = new() { [House.Root] = ["Torch"], ["Torch"] = [House.Root + "/TorchPrecision"] };

    private static readonly IReadOnlyList<House.Use> s_uses = House.Of(typeof(TorchTrainingEngine).Assembly, "Microsoft.ML.Lstm");

    [Fact]
    public void TorchSharp_EveryType_UsesOnlyTheSeamOfCore() => Assert.Empty(
        from use in s_uses
        where use.ToAssembly == House.CoreName && !s_seam.Contains(use.ToRoom)
        select $"{use.From} uses {use.ToRoom}: {use.To}");

    [Fact]
    public void TorchSharp_EveryRoom_UsesOnlyWhatLiesBelowIt() => Assert.Empty(House.Offences(s_uses, s_allowed));
}
