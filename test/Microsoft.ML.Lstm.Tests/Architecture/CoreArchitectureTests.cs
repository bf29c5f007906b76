namespace Microsoft.ML.Lstm.Tests.Architecture;

/// <summary>
/// Dependencies inside Core run one way: Kernels, Threading, Randomness ← Network ← Training ← Diagnosis, with Sequences,
/// Forecasting and Persistence beside them, Models above Network and Export above Models. All may use the reports, options and
/// specifications that users meet.
/// </summary>
public sealed class CoreArchitectureTests(House house) : IClassFixture<House>
{
    // "Room/Type" allows one type of a room.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        // A report that writes itself as JSON names the generated serializer of its room; an option that names an engine makes it.
        [House.Root] = ["Diagnosis/DiagnosisJson", "Training/ITrainingEngine", "Training/EngineRequest", "Training/EngineCapabilities", "Training/ManagedTrainingEngine"],
        ["Kernels"] = [House.Root],
        ["Threading"] = [House.Root],
        ["Randomness"] = [House.Root],
        ["Sequences"] = [House.Root],
        ["Forecasting"] = [House.Root, "Kernels", "Randomness", "Sequences"],
        ["Network"] = [House.Root, "Kernels", "Threading", "Randomness", "Sequences"],
        ["Persistence"] = [House.Root, "Network", "Sequences"],
        ["Training"] = [House.Root, "Kernels", "Threading", "Randomness", "Network", "Sequences", "Persistence"],
        ["Diagnosis"] = [House.Root, "Kernels", "Randomness", "Network", "Sequences", "Forecasting", "Training"],
        ["Models"] = [House.Root, "Kernels", "Threading", "Randomness", "Network", "Sequences", "Forecasting", "Persistence"],
        ["Export"] = [House.Root, "Network", "Sequences", "Persistence", "Models"],
    };

    [Fact]
    public void Core_EveryRoom_UsesOnlyWhatLiesBelowIt() => Assert.Empty(House.Offences(house.Core, s_allowed));

    [Fact]
    public void Core_EveryType_KnowsNoMLNet() =>
        Assert.DoesNotContain(house.Core, use => !use.SameAssembly && use.ToAssembly.StartsWith("Microsoft.ML", StringComparison.Ordinal));

    // OrthogonalMatrix draws initial weights, once and in double precision.
    [Fact]
    public void Core_InstructionSets_AreNamedInKernelsAlone() => Assert.Empty(
        from use in house.Core
        where use.To.StartsWith("System.Runtime.Intrinsics.", StringComparison.Ordinal)
            && use.FromRoom != "Kernels" && !use.From.EndsWith(".OrthogonalMatrix", StringComparison.Ordinal)
        select use.From);

    [Fact]
    public void Offences_RoomThatMayUseNothing_NamesTypeAndWhatItUses()
    {
        var strict = new Dictionary<string, string[]>(s_allowed) { ["Network"] = [House.Root, "Sequences"] };

        Assert.Contains("Network/DenseLayer uses Kernels/Gemm", House.Offences(house.Core, strict));
    }

    [Fact]
    public void Offences_RoomThatTheTableDoesNotKnow_IsOne()
    {
        var partial = new Dictionary<string, string[]>(s_allowed);
        partial.Remove("Persistence");

        Assert.Contains(House.Offences(house.Core, partial), offence => offence.StartsWith("Persistence/", StringComparison.Ordinal));
    }
}
