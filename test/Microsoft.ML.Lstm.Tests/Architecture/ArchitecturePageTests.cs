using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Tests.Architecture;

/// <summary>docs/architecture.md sends its reader to files: they are there.</summary>
public sealed partial class ArchitecturePageTests
{
    [Fact]
    public void Page_EveryFileItNames_Exists()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        string[] named = [.. Named().Matches(page).Select(match => match.Groups[1].Value).Distinct()];

        Assert.True(named.Length > 30, $"The page names {named.Length} files; expected more than 30.");
        Assert.DoesNotContain(named, name => !IsThere(name));
    }

    [Fact]
    public void Page_EveryRoomOfBothAssemblies_IsNamed()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        string[] rooms = [.. new[] { "Microsoft.ML.Lstm", "Microsoft.ML.Lstm.Core" }
            .SelectMany(assembly => Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", assembly)))
            .Select(folder => Path.GetFileName(folder)!).Where(room => room is not ("bin" or "obj"))];

        Assert.True(rooms.Length > 20, $"{rooms.Length} rooms were found.");
        Assert.DoesNotContain(rooms, room => !Regex.IsMatch(page, $@"\b{room}\b"));
    }

    // `Room/Type`, of either assembly.
    [GeneratedRegex("`((?:[A-Z][A-Za-z]+/)+[A-Z][A-Za-z]+)`")]
    private static partial Regex Named();

    private static bool IsThere(string name) => new[] { "Microsoft.ML.Lstm", "Microsoft.ML.Lstm.Core" }
        .Select(assembly => Path.Combine(Repository.Root, "src", assembly, name))
        .Any(path => Directory.Exists(path) || File.Exists(path + ".cs"));
}
