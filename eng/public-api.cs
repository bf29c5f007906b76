// Writes down the public surface of the product: `dotnet run eng/public-api.cs`, then read `git diff` of PublicAPI.Unshipped.txt.
//
// A build refuses (RS0016, RS0017) a public member that is not in a project's PublicAPI.Shipped.txt or PublicAPI.Unshipped.txt, so that
// the surface never changes unseen. The analyzer knows what a line should be, and says so in the compiler's error log: this program
// builds with an empty Unshipped.txt and collects those lines. With a release, move them from Unshipped.txt to Shipped.txt.
using System.Diagnostics;
using System.Text.Json;

string root = Directory.GetCurrentDirectory();
string[] projects = [.. Directory.EnumerateFiles(Path.Combine(root, "src"), "PublicAPI.Unshipped.txt", SearchOption.AllDirectories)
    .Select(Path.GetDirectoryName).OfType<string>().Order(StringComparer.Ordinal)];
if (projects.Length == 0)
{
    Console.Error.WriteLine($"'{root}' has no src/*/PublicAPI.Unshipped.txt; expected to be run in the repository's root.");
    return 1;
}

foreach (string project in projects)
{
    string unshipped = Path.Combine(project, "PublicAPI.Unshipped.txt");
    string before = File.ReadAllText(unshipped);
    string log = Path.GetTempFileName();
    File.WriteAllText(unshipped, "#nullable enable\n");
    if (!Build(project, log))
    {
        File.WriteAllText(unshipped, before);
        Console.Error.WriteLine($"'{project}' does not build; its surface is left as it was.");
        return 1;
    }
    string[] lines = [.. Undeclared(log).Distinct().Order(StringComparer.Ordinal)];
    File.WriteAllText(unshipped, "#nullable enable\n" + string.Concat(lines.Select(line => line + "\n")));
    File.Delete(log);
    Console.WriteLine($"{Path.GetFileName(project)}: {lines.Length} lines");
}
return 0;

// No analyzers but the one that is asked, which takes a small part of the time. %2c: a comma that MSBuild leaves to the compiler.
static bool Build(string project, string log)
{
    using Process build = Process.Start("dotnet",
        ["build", project, "-v", "q", "-clp:ErrorsOnly;NoSummary", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=true",
            "-p:EnableNETAnalyzers=false", "-p:EnforceCodeStyleInBuild=false",
            $"-p:PublicApiProject={Path.GetFileName(project)}", $"-p:PublicApiLog={log}%2cversion=2.1"]);
    build.WaitForExit();
    return build.ExitCode == 0;
}

static IEnumerable<string> Undeclared(string log)
{
    using JsonDocument document = JsonDocument.Parse(File.ReadAllText(log));
    foreach (JsonElement run in document.RootElement.GetProperty("runs").EnumerateArray())
        foreach (JsonElement result in run.GetProperty("results").EnumerateArray())
            if (result.GetProperty("ruleId").GetString() == "RS0016")
                yield return result.GetProperty("properties").GetProperty("customProperties").GetProperty("APIName").GetString()!;
}
