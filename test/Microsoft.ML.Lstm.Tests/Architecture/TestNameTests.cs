using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Tests.Architecture;

/// <summary>Every test of every project is named as .NET people name them: <c>Method_Condition_Result</c>, in PascalCase words.</summary>
public sealed partial class TestNameTests
{
    [Fact]
    public void TestNames_EveryProject_AreMethodConditionResult()
    {
        string[] sources = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "test"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin")).Select(File.ReadAllText)];
        string[] names = [.. sources.SelectMany(source => Tests().Matches(source).Select(match => match.Groups["name"].Value))];

        Assert.Equal(sources.Sum(source => Attributes().Count(source)), names.Length);
        string[] others = [.. names.Where(name => !Name().IsMatch(name))];
        Assert.True(others.Length == 0, "Not named Method_Condition_Result: " + string.Join(", ", others));
    }

    [Theory]
    [InlineData("Fit_EmptyData_NamesTheColumn", true)]
    [InlineData("Cultures_AreThere", true)]
    [InlineData("Read_CoNLL2003_IsRead", true)]
    [InlineData("Of_a_regressor", false)]
    [InlineData("EveryGradientIsTheSlope", false)]
    [InlineData("Fit_emptyData_IsAnError", false)]
    [InlineData("A_B_C_D", false)]
    public void Name_AnyText_IsMatchedAsExpected(string name, bool expected) => Assert.Equal(expected, Name().IsMatch(name));

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]*(_[A-Z0-9][A-Za-z0-9]*){1,2}$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^ *\[(?:\w*Fact|Theory)\b", RegexOptions.Multiline)]
    private static partial Regex Attributes();

    // What stands between the attribute and the method: data, comments.
    [GeneratedRegex(@"^ *\[(?:\w*Fact|Theory)\b[^\n]*\n(?: *(?:\[|//|\{|""|\$)[^\n]*\n)* *public (?:static )?(?:async )?(?:void|Task) (?<name>\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Tests();
}
