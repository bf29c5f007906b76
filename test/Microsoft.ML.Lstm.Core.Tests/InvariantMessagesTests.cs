using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Core.Tests;

/// <summary>
/// An interpolated string follows the culture of whoever runs it: "-0.5" becomes "؜-0٫5" under ar-SA. In the product each stands in <c>Invariant(…)</c>,
/// after <c>CultureInfo.InvariantCulture</c>, or is the last argument of a guard, which formats it so.
/// </summary>
public class InvariantMessagesTests
{
    [Fact]
    public void Source_InterpolatedStrings_AreInvariant()
    {
        string[] files = [.. SourceFiles()];
        string[] offences = [.. files.SelectMany(file => new InterpolationScan(File.ReadAllText(file)).Offences.Select(line => $"{file}({line})"))];

        Assert.True(files.Length > 200, $"{files.Length} files were found.");
        Assert.True(offences.Length == 0, string.Join(Environment.NewLine, offences));
    }

    [Theory]
    [InlineData("throw new E($\"{x}\");", 1)]
    [InlineData("throw new E(Invariant($\"{x}\"));", 0)]
    [InlineData("throw new E(Invariant($\"{(y ? $\"{x}\" : \"\")}\"));", 1)]
    [InlineData("throw new E(Invariant($\"a {f(\"{\")} b\") + $\"{x}\");", 1)]
    [InlineData("Require(a, n, v, $\"{x}\");", 0)]
    [InlineData("Require(a, n, $\"{x}\", \"e\");", 1)]
    [InlineData("Require(a, n, v, b ? $\"{x}\" : \"e\");", 1)]
    [InlineData("throw new E($\"{nameof(X)} is null and {{x}}\");", 0)]
    [InlineData("string.Create(CultureInfo.InvariantCulture, $\"{x}\");", 0)]
    [InlineData("// $\"{x}\"\nvar a = '\"'; var b = \"$\\\"{x}\"; /* $\"{x}\" */", 0)]
    public void Scan_Code_FindsWhatFollowsTheCulture(string code, int expected) => Assert.Equal(expected, new InterpolationScan(code).Offences.Count);

    private static IEnumerable<string> SourceFiles()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Lstm.sln")))
            root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("No folder above the test has Lstm.sln.");
        return Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Regex.IsMatch(Path.GetRelativePath(root, file).Replace('\\', '/'), "/(obj|bin)/|^src/Samples[^/]*/|^src/[^/]*Tool/"));
    }
}
