using Microsoft.ML.Lstm.Tests.Architecture;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>
/// Dependencies inside the command line run one way: Models, Tables ← Series ← Output ← Code ← Commands, but for what the table names.
/// </summary>
public sealed class ToolArchitectureTests
{
    // Runs and flags that a page or a project is written of; they lie beside the commands that make them. "Room/Type" allows one type of a room.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        [House.Root] = ["Commands", "Output"],
        ["Models"] = [House.Root],
        ["Tables"] = [House.Root],
        ["Series"] = [House.Root, "Models", "Tables"],
        ["Output"] = [House.Root, "Models", "Tables", "Series", "Commands/SeriesRun"],
        ["Code"] =
        [
            House.Root, "Tables", "Series", "Output", "Commands/SeriesRun", "Commands/TrainOptions", "Commands/SequenceColumns", "Commands/TagColumns", "Commands/TextLine",
        ],
        ["Commands"] = [House.Root, "Models", "Tables", "Series", "Output", "Code"],
    };

    private static readonly IReadOnlyList<House.Use> s_uses = House.Of(typeof(ToolException).Assembly, "Microsoft.ML.Lstm.Tool");

    [Fact]
    public void Tool_EveryRoom_UsesOnlyWhatLiesBelowIt() =>
        Assert.True(!House.Offences(s_uses, s_allowed).Any(), string.Join('\n', House.Offences(s_uses, s_allowed)));

    [Fact]
    public void Offences_RoomThatMayUseNothing_NamesTypeAndWhatItUses() =>
        Assert.Contains(House.Offences(s_uses, new Dictionary<string, string[]>(s_allowed) { ["Series"] = [] }),
            offence => offence.StartsWith("Series/", StringComparison.Ordinal) && offence.Contains(" uses Tables/", StringComparison.Ordinal));
}
