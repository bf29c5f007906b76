using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Core.Tests;

/// <summary>Dependencies inside Core run one way: Kernels ← Network ← Training, with Sequences and Persistence as leaves beside them.</summary>
public sealed class LayeringTests
{
    private static readonly Dictionary<string, string[]> s_allowed = new()
    {
        ["Kernels"] = [],
        ["Sequences"] = [],
        ["Network"] = ["Kernels", "Sequences"],
        ["Training"] = ["Kernels", "Network", "Sequences", "Persistence"],
        ["Persistence"] = ["Network", "Sequences", "Training"],
    };

    [Fact]
    public void Folders_use_only_what_lies_below_them()
    {
        string core = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "src", "Microsoft.ML.Lstm.Core"));
        var offences = new List<string>();
        foreach (string folder in Directory.EnumerateDirectories(core).Select(Path.GetFileName).OfType<string>().Where(name => name is not ("bin" or "obj")))
            foreach (string file in Directory.EnumerateFiles(Path.Combine(core, folder), "*.cs", SearchOption.AllDirectories))
                foreach (Match match in Regex.Matches(File.ReadAllText(file), @"^using Microsoft\.ML\.Lstm\.(\w+)", RegexOptions.Multiline))
                    if (match.Groups[1].Value != folder && !s_allowed[folder].Contains(match.Groups[1].Value))
                        offences.Add($"{Path.GetRelativePath(core, file)} uses {match.Groups[1].Value}");
        Assert.Empty(offences);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
