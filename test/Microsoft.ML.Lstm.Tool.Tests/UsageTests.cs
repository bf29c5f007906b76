namespace Microsoft.ML.Lstm.Tool.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("forecast data.csv --horizon abc", "--horizon is 'abc'; expected a whole number.", "lstm forecast --help")]
    [InlineData("forecast data.csv --horizon 3.5", "--horizon is '3.5'; expected a whole number.", "lstm forecast --help")]
    [InlineData("forecast data.csv --seed 99999999999", "--seed is '99999999999'; expected a whole number.", "lstm forecast --help")]
    [InlineData("forecast data.csv --level x", "--level is 'x'; expected a number", "lstm forecast --help")]
    [InlineData("forecast data.csv --missing abc", "--missing is 'abc'; expected another value. Did you mean", "FillLast")]
    [InlineData("forecast data.csv --horizn 5", "'--horizn'", "--horizon")]
    [InlineData("forcast data.csv", "'forcast'", "lstm --help")]
    [InlineData("train regress --label", "--label", "lstm train regress --help")]
    public void Run_LineThatCannotBeRead_SaysWhatWasExpectedInFewLines(string line, string found, string expected)
    {
        ToolResult result = CommandLine.Run(line);

        result.Fails(found, expected);
        Assert.DoesNotContain("System.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Microsoft.ML", result.Error, StringComparison.Ordinal);
        Assert.InRange(result.Error.Split('\n').Length, 1, 12);
    }

    [Fact]
    public void Run_NoArguments_GivesTheHelp()
    {
        ToolResult result = CommandLine.Run("");

        Assert.Contains("forecast", result.Output, StringComparison.Ordinal);
    }
}
