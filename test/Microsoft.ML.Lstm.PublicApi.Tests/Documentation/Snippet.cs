using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Microsoft.ML.Lstm.PublicApi.Tests.Documentation;

/// <summary>A piece of C# that a reader may copy.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Code">What it says.</param>
/// <param name="Model">The type of the <c>model</c> that it may use: ML.NET's, or that of the engine, which knows no ML.NET.</param>
internal sealed partial record Snippet(string Place, string Code, string Model = nameof(ITransformer))
{
    /// <summary>
    /// The <c>```csharp</c> blocks of README, docs and the packages' READMEs; <c>```csharp fragment</c> is a piece that is not meant
    /// to compile.
    /// </summary>
    public static IEnumerable<Snippet> OfPages(string repository) =>
        from page in (string[])[
            Path.Combine(repository, "README.md"),
            .. Directory.EnumerateFiles(Path.Combine(repository, "docs"), "*.md", SearchOption.AllDirectories),
            .. Directory.EnumerateFiles(Path.Combine(repository, "src"), "PACKAGE.md", SearchOption.AllDirectories)]
        let text = File.ReadAllText(page)
        from block in Fence().Matches(text)
        let line = text.AsSpan(0, block.Index).Count('\n') + 1
        select new Snippet($"{Path.GetRelativePath(repository, page)}:{line}", block.Groups[1].Value);

    /// <summary>The <c>&lt;example&gt;&lt;code&gt;</c>s in the XML comments of an assembly, which lie beside it.</summary>
    public static IEnumerable<Snippet> OfComments(System.Reflection.Assembly assembly) =>
        from member in Members(assembly)
        from code in member.Elements("example").Elements("code")
        let model = assembly == typeof(RecurrentModel).Assembly ? nameof(RecurrentModel) : nameof(ITransformer)
        select new Snippet((string)member.Attribute("name")!, code.Value, model);

    /// <summary>The documented members of an assembly.</summary>
    public static IEnumerable<XElement> Members(System.Reflection.Assembly assembly) =>
        XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member");

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
