using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>A project that the tool has written, compiled as its own csproj would have it, and run in this process. What it writes to the
/// console and the model that it saves are taken from it.</summary>
internal static class GeneratedProgram
{
    // In the global namespace a type of this name is found before that of System.
    private const string Console = """
        internal static class Console
        {
            public static readonly StringWriter Out = new(), Error = new();
            public static void WriteLine(string line) => Out.Write(line + "\n");
        }
        """;

    private const string Usings = """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http;
        global using System.Threading; global using System.Threading.Tasks;
        """;

    private static readonly MetadataReference[] s_references =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
        .Where(path => !Path.GetFileName(path).StartsWith("Microsoft.ML.Lstm.Tool", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Runs the project of a folder.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="arguments">What it is given; nothing: it reads the file that it was made from.</param>
    /// <returns>What it wrote to the standard output.</returns>
    public static string Run(string folder, params string[] arguments)
    {
        // The saved model lies beside the program, not where the tests run.
        string model = SymbolDisplay.FormatLiteral(Path.Combine(folder, "model.zip"), quote: true);
        SyntaxTree[] trees = [.. Directory.GetFiles(folder, "*.cs")
            .Select(path => File.ReadAllText(path).Replace("\"model.zip\"", model, StringComparison.Ordinal)).Append(Console)
            .Append(Usings)
            .Select(text => CSharpSyntaxTree.ParseText(text))];
        var compilation = CSharpCompilation.Create($"Generated{Guid.NewGuid():N}", trees, s_references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        string[] complaints = [.. compilation.Emit(assembly).Diagnostics.Where(one => one.Severity >= DiagnosticSeverity.Warning)
            .Select(one => one.ToString())];
        Assert.True(complaints.Length == 0, string.Join('\n', complaints));
        Assembly loaded = Assembly.Load(assembly.ToArray());
        loaded.EntryPoint!.Invoke(null, [arguments]);
        return loaded.GetType("Console")!.GetField("Out")!.GetValue(null)!.ToString()!;
    }
}
