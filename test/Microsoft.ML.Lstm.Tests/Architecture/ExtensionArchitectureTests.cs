using System.Reflection;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Tests.Architecture;

/// <summary>
/// Dependencies inside the ML.NET extension run one way: Interop ← Rows ← Columns ← Trainers ← tasks ← Catalog. Interop alone touches what
/// ML.NET keeps to itself, and no task knows another but for those that the table names.
/// </summary>
[Collection(nameof(House))]
public sealed class ExtensionArchitectureTests(House house)
{
    private static readonly string[] s_below = ["Interop", "Rows", "Columns", "Trainers", "Validation"];

    // "Room/Type" allows one type of a room.
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Interop"] = [],
        ["Rows"] = ["Interop"],
        ["Columns"] = ["Interop", "Rows"],
        ["Validation"] = ["Interop", "Rows", "Columns"],
        // Lies below the trainers, which begin with pretrained vectors.
        ["Embedding"] = ["Interop", "Rows", "Columns"],
        ["Trainers"] = ["Interop", "Rows", "Columns", "Embedding"],
        ["Windowing"] = s_below,
        ["Regression"] = s_below,
        ["Classification"] = s_below,
        // Tags and next tokens are classes, one for each step.
        ["Tagging"] = [.. s_below, "Classification"],
        ["Text"] = [.. s_below, "Classification"],
        // All are of series cut into windows.
        ["Streaming"] = [.. s_below, "Windowing", "Forecasting", "Anomalies"],
        // What is expected of a row is a forecast.
        ["Anomalies"] = [.. s_below, "Forecasting"],
        ["Forecasting"] = [.. s_below, "Windowing"],
        // Labels are read as the trainers read them.
        ["Importance"] = [.. s_below, "Classification"],
        ["Search"] = [.. s_below, "Forecasting", "Classification/ClassWeights"],
        ["Catalog"] =
        [
            .. s_below, "Embedding", "Windowing", "Regression", "Classification", "Tagging", "Text", "Streaming", "Forecasting", "Anomalies", "Importance", "Search",
        ],
    };

    // A transformer is handed it by ML.NET when it is loaded, and hands it on to Interop.
    private const string HandedOn = "Microsoft.ML.ModelLoadContext";

    [Fact]
    public void Extension_EveryRoom_UsesOnlyWhatLiesBelowIt() =>
        Assert.True(!House.Offences(house.Extension, s_allowed).Any(), string.Join('\n', House.Offences(house.Extension, s_allowed)));

    [Fact]
    public void Extension_InternalsOfMLNet_AreUsedInInteropAlone() => Assert.Empty(
        from use in house.Extension
        where use.FromRoom != "Interop" && IsInternalOfMLNet(use) && !(IsTransformer(use.From) && use.To == HandedOn)
        select $"{use.From} uses {use.To}");

    [Fact]
    public void Extension_UnsafeAccessors_AreDeclaredInInteropAlone() => Assert.Equal(["Interop"],
        house.Extension.Where(use => use.To == typeof(UnsafeAccessorAttribute).FullName).Select(use => use.FromRoom).Distinct());

    [Fact]
    public void Extension_InternalsOfMLNet_AreSeenWhereInteropUsesThem() =>
        Assert.Contains(house.Extension, use => use.FromRoom == "Interop" && use.To == HandedOn && IsInternalOfMLNet(use));

    // Asked of the assembly that runs, which is not the publicized copy that the product is compiled against.
    private static bool IsInternalOfMLNet(House.Use use) =>
        !use.SameAssembly
        && use.ToAssembly.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
        && !use.ToAssembly.StartsWith("Microsoft.ML.Lstm", StringComparison.Ordinal)
        && Assembly.Load(use.ToAssembly).GetType(use.To.Split('<')[0].Split('[')[0]) is { IsVisible: false };

    private static bool IsTransformer(string type) => typeof(ITransformer).IsAssignableFrom(typeof(LstmRegressor).Assembly.GetType(type));
}
