namespace Microsoft.ML.Lstm.Tests.Architecture;

/// <summary>
/// Dependencies inside Core run one way: Kernels, Threading, Randomness ← Network ← Training ← Diagnosis, with Sequences
/// and Persistence beside them, Baselines below Diagnosis, Models above Network, Forecasting above Training, Export above both. All may use the reports, options and
/// specifications that users meet.
/// </summary>
[Collection(nameof(House))]
public sealed class CoreArchitectureTests(House house)
{
    // "Room/Type" allows one type of a room.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        // Values that write themselves as JSON name the serializers of their rooms.
        // And a history its file.
        [House.Root] = ["Diagnosis/DiagnosisJson", "Forecasting/TimeStepConverter", "Persistence/AtomicFile"],
        ["Kernels"] = [House.Root],
        ["Threading"] = [House.Root],
        ["Randomness"] = [House.Root],
        ["Sequences"] = [House.Root],
        ["Baselines"] = [House.Root, "Kernels"],
        ["Forecasting"] = [House.Root, "Threading", "Randomness", "Baselines", "Network", "Sequences", "Persistence", "Training", "Models/ModelArchive"],
        ["Network"] = [House.Root, "Kernels", "Threading", "Randomness", "Sequences"],
        ["Persistence"] = [House.Root, "Network", "Sequences"],
        ["Training"] = [House.Root, "Kernels", "Threading", "Randomness", "Network", "Sequences", "Persistence"],
        ["Diagnosis"] = [House.Root, "Kernels", "Randomness", "Network", "Sequences", "Baselines", "Training"],
        ["Models"] = [House.Root, "Kernels", "Threading", "Randomness", "Network", "Sequences", "Persistence"],
        ["Export"] = [House.Root, "Network", "Sequences", "Persistence", "Forecasting", "Models"],
    };

    [Fact]
    public void Core_EveryRoom_UsesOnlyWhatLiesBelowIt() =>
        Assert.True(!House.Offences(house.Core, s_allowed).Any(), string.Join('\n', House.Offences(house.Core, s_allowed)));

    [Fact]
    public void Core_EveryType_KnowsNoMLNet() =>
        Assert.DoesNotContain(house.Core, use => !use.SameAssembly && use.ToAssembly.StartsWith("Microsoft.ML", StringComparison.Ordinal));

    // Linear algebra in double precision, which is done once, not in every step.
    private static readonly string[] s_instructionSetExceptions = ["OrthogonalMatrix", "Cholesky", "RidgeForecaster"];

    [Fact]
    public void Core_InstructionSets_AreNamedInKernelsAlone() => Assert.Empty(
        from use in house.Core
        where use.To.StartsWith("System.Runtime.Intrinsics.", StringComparison.Ordinal)
            && use.FromRoom != "Kernels" && !s_instructionSetExceptions.Contains(use.From.Split('.')[^1])
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
