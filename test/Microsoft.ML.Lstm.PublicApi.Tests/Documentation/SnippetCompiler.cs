using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Microsoft.ML.Lstm.PublicApi.Tests.Documentation;

/// <summary>
/// Compiles snippets against what a user's project references. A snippet may be a whole program, or use what surrounds it:
/// <c>ml</c>, the views <c>data</c>, <c>trainData</c> and <c>testData</c>, an estimator <c>pipeline</c> and its trained <c>model</c>,
/// and of values <c>window</c>, <c>windows</c>, <c>row</c> and <c>tokens</c>.
/// </summary>
internal static class SnippetCompiler
{
    private const string Usings = """
        using System; using System.Collections.Generic; using System.IO; using System.Linq;
        using System.Threading; using System.Threading.Tasks; using Microsoft.ML; using Microsoft.ML.Data; using Microsoft.ML.Lstm;

        """;

    // Fields, so that a snippet may declare variables of these names itself.
    private const string Given = """
        private readonly MLContext ml = null!; private readonly IDataView data = null!, trainData = null!, testData = null!;
        private readonly IEstimator<ITransformer> pipeline = null!;
        private readonly float[] window = [], latestWindow = [], row = []; private readonly float[][] windows = [];
        private readonly int[] tokens = [];

        """;

    /// <summary>What the compiler has against the snippets, each error with the snippet's place.</summary>
    public static IReadOnlyList<string> Errors(IEnumerable<Snippet> snippets)
    {
        SyntaxTree[] trees = [.. snippets.Select((snippet, i) => CSharpSyntaxTree.ParseText(AsClass(snippet, i), path: snippet.Place))];
        var compilation = CSharpCompilation.Create("Snippets", trees, References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        return [.. compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => $"{diagnostic.Location.SourceTree?.FilePath}: {diagnostic.GetMessage()}")];
    }

    // Statements become a method, types stay types: two programs in one compilation would have two entry points.
    private static string AsClass(Snippet snippet, int number)
    {
        CompilationUnitSyntax program = CSharpSyntaxTree.ParseText(snippet.Code).GetCompilationUnitRoot();
        string Text(bool statements) =>
            string.Concat(program.Members.Where(member => member is GlobalStatementSyntax == statements).Select(m => m.ToFullString()));
        return $$"""
            {{program.Usings.ToFullString()}}
            {{Usings}}
            internal sealed class Snippet{{number}}
            {
                {{Given}}
                private readonly {{snippet.Model}} model = null!;
                public async Task Run()
                {
                    await Task.Yield();
                    {{Text(statements: true)}}
                }
                {{Text(statements: false)}}
            }
            """;
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !Path.GetFileName(path).StartsWith("Microsoft.ML.Lstm.PublicApi.Tests", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
}
