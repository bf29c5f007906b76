using Microsoft.ML.Lstm.Tests.Architecture;

namespace Microsoft.ML.Lstm.Mpi.Tests;

/// <summary>The carrier of bytes knows of Core what a group of processes is, and nothing else. It is one room.</summary>
public sealed class MpiArchitectureTests
{
    private static readonly string[] s_seam = [House.Root, "Training"];

    [Fact]
    public void Mpi_EveryType_UsesOnlyTheSeamOfCore() => Assert.Empty(
        from use in House.Of(typeof(MpiProcessGroup).Assembly, "Microsoft.ML.Lstm")
        where use.ToAssembly == House.CoreName && !s_seam.Contains(use.ToRoom)
        select $"{use.From} uses {use.ToRoom}: {use.To}");
}
