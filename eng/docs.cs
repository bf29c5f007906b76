// Builds the documentation site into artifacts/site: `dotnet run eng/docs.cs`, then open artifacts/site/index.html by a web server, such as
// `dotnet docfx serve artifacts/site`. `--no-build` takes the assemblies as they are. A warning (a link into nowhere, an unknown name in a
// comment) is an error.
using System.Diagnostics;

if (!File.Exists("Lstm.sln"))
{
    Console.Error.WriteLine($"'{Directory.GetCurrentDirectory()}' has no Lstm.sln; expected to be run in the repository's root.");
    return 1;
}
string[] assemblies = ["Microsoft.ML.Lstm.Reporting", "Microsoft.ML.Lstm.TorchSharp", "Microsoft.ML.Lstm.Mpi"];
if (!args.Contains("--no-build"))
    foreach (string assembly in assemblies)
        if (!Run("build", $"src/{assembly}", "-c", "Release", "-v", "q", "-clp:ErrorsOnly;NoSummary", "-p:RunAnalyzers=false"))
            return 1;
// Pages of types that are gone would stay.
foreach (string old in (string[])["artifacts/site", "docs/api"])
    if (Directory.Exists(old))
        Directory.Delete(old, recursive: true);
return Run("tool", "restore") && Run("docfx", "docs/docfx.json", "--warningsAsErrors") ? 0 : 1;

static bool Run(params string[] arguments)
{
    using Process process = Process.Start("dotnet", arguments);
    process.WaitForExit();
    return process.ExitCode == 0;
}
