using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Core.Tests;

/// <summary>
/// Dependencies inside Core run one way: Kernels ← Network ← Training ← Diagnosis, with Sequences and Persistence beside them, and Models above.
/// </summary>
public sealed class LayeringTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Kernels"] = [],
        ["Sequences"] = [],
        ["Network"] = ["Kernels", "Sequences"],
        ["Training"] = ["Kernels", "Network", "Sequences", "Persistence"],
        ["Diagnosis"] = ["Kernels", "Network", "Sequences", "Training"],
        ["Persistence"] = ["Network", "Sequences"],
        ["Models"] = ["Kernels", "Network", "Sequences", "Training", "Persistence"],
    };

    [Fact]
    public void Folders_use_only_what_lies_below_them()
    {
        string core = Path.Combine(Repository(), "src", "Microsoft.ML.Lstm.Core");
        var offences = new List<string>();
        foreach (string folder in Directory.EnumerateDirectories(core).Select(Path.GetFileName).OfType<string>().Where(name => name is not ("bin" or "obj")))
            foreach (string file in Directory.EnumerateFiles(Path.Combine(core, folder), "*.cs", SearchOption.AllDirectories))
                foreach (Match match in Regex.Matches(File.ReadAllText(file), @"^using (?:static |\w+ = )?Microsoft\.ML\.Lstm\.(?!Guard;)((\w+)[\w.]*)", RegexOptions.Multiline))
                    if (match.Groups[2].Value != folder && !s_allowed[folder].Intersect(match.Groups.Values.Select(group => group.Value)).Any())
                        offences.Add($"{Path.GetRelativePath(core, file)} uses {match.Groups[1].Value}");
        Assert.Empty(offences);
    }

    // Not by the compiler's idea of this file's path, which a build server's deterministic build replaces.
    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Lstm.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' has Lstm.sln.");
    }
}
