using System.Reflection;
using System.Xml.Linq;

namespace Microsoft.ML.Lstm.PublicApi.Tests.Documentation;

/// <summary>What README, docs and XML comments show does compile.</summary>
public sealed class SnippetTests
{
    private static readonly Assembly s_core = typeof(NetworkDiagnosis).Assembly, s_extension = typeof(LstmRegressor).Assembly, s_reporting = typeof(Reporting.ReportPage).Assembly;

    [Fact]
    public void Snippets_OfPages_Compile()
    {
        Snippet[] snippets = [.. Snippet.OfPages(Repository())];

        Assert.Contains(snippets, snippet => snippet.Place.StartsWith("README.md:", StringComparison.Ordinal));
        AllCompile(snippets);
    }

    [Fact]
    public void Snippets_OfComments_Compile() =>
        AllCompile([.. Snippet.OfComments(s_core),
            .. Snippet.OfComments(s_extension), .. Snippet.OfComments(s_reporting)]);

    [Fact]
    public void Catalogs_EveryMethod_HasAnExample()
    {
        string[] calls = [.. from type in s_extension.GetExportedTypes()
                             where type.Namespace == "Microsoft.ML"
                             from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
                             select $"{type.FullName}.{method.Name}"];

        Assert.NotEmpty(calls);
        Assert.Empty(from member in Snippet.Members(s_extension)
                     let name = (string)member.Attribute("name")!
                     where calls.Contains(name.Split('(', '`')[0][2..]) && !member.Elements("example").Elements("code").Any()
                     select name);
    }

    [Fact]
    public void Errors_CodeThatDoesNotCompile_NamesPlaceAndError() => Assert.Equal(
        ["a page:1: The name 'nothing' does not exist in the current context"],
        SnippetCompiler.Errors([new Snippet("a page:1", "Console.WriteLine(nothing);")]));

    private static void AllCompile(IReadOnlyCollection<Snippet> snippets)
    {
        IReadOnlyList<string> errors = SnippetCompiler.Errors(snippets);
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    private static string Repository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Lstm.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' has Lstm.sln.");
    }
}
