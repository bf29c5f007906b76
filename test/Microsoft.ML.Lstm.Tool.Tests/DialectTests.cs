using System.Globalization;
using System.Text;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Ways to write the same rows: all of them come to the same forecast.</summary>
public sealed class DialectTests : IDisposable
{
    private const int Rows = 60;
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    private string[] Forecasts(string path, string flags = "")
    {
        _tool.Forecast(path, $"--force {flags}").Succeeds();
        return [.. File.ReadAllLines(_tool["out/forecast.csv"]).Skip(1).Select(line => line[line.IndexOf(',', StringComparison.Ordinal)..])];
    }

    private void SameForecasts(string text, string flags = "", Encoding? encoding = null)
    {
        string[] expected = Forecasts(_tool.Write("plain.csv", CommandLine.Days(Rows)));
        Assert.Equal(2, expected.Length);
        Assert.Equal(expected, Forecasts(_tool.Write("data.csv", text, encoding), flags));
    }

    private static string Comma(float value) => CommandLine.Plain(value).Replace('.', ',');

    private static Func<DateTime, string> Format(string format) => day => day.ToString(format, CultureInfo.InvariantCulture);

    [Fact]
    public void Forecast_DecimalCommas_AreFoundOut() => SameForecasts(CommandLine.Days(Rows, ";", value: Comma));

    [Fact]
    public void Forecast_DecimalCommasInQuotes_AreFoundOut() => SameForecasts(CommandLine.Days(Rows, value: value => $"\"{Comma(value)}\""));

    [Fact]
    public void Forecast_MinusOfTypographers_IsRead()
    {
        string[] expected = Forecasts(_tool.Write("plain.csv", CommandLine.Days(Rows, value: value => "-" + CommandLine.Plain(value))));

        Assert.Equal(expected, Forecasts(_tool.Write("data.csv", CommandLine.Days(Rows, value: value => "\u2212" + CommandLine.Plain(value)))));
    }

    [Fact]
    public void Forecast_Semicolons_AreFoundOut() => SameForecasts(CommandLine.Days(Rows, ";"));

    [Fact]
    public void Forecast_Tabs_AreFoundOut() => SameForecasts(CommandLine.Days(Rows, "\t"));

    [Fact]
    public void Forecast_Bars_AreFoundOut() => SameForecasts(CommandLine.Days(Rows, "|"));

    [Fact]
    public void Forecast_SeparatorThatIsSaid_IsTaken() => SameForecasts(CommandLine.Days(Rows, "~"), "--separator ~");

    [Fact]
    public void Forecast_LinesOfWindows_AreRead() => SameForecasts(CommandLine.Days(Rows, end: "\r\n"));

    [Fact]
    public void Forecast_NoEndOfLine_ReadsTheLastRow() => SameForecasts(CommandLine.Days(Rows).TrimEnd());

    [Fact]
    public void Forecast_ByteOrderMark_IsNoName() => SameForecasts(CommandLine.Days(Rows), "--time Date", new UTF8Encoding(true));

    [Fact]
    public void Forecast_Utf16_IsRead() => SameForecasts(CommandLine.Days(Rows), "--time Date", Encoding.Unicode);

    [Fact]
    public void Forecast_Utf16BigEndian_IsRead() => SameForecasts(CommandLine.Days(Rows), "--time Date", Encoding.BigEndianUnicode);

    [Fact]
    public void Forecast_NoHeader_NamesColumnsByPlace() => SameForecasts(CommandLine.Days(Rows)["Date,Sales\n".Length..], "--time Column1 --target Column2");

    [Fact]
    public void Forecast_QuotedEndsOfLine_AreOneField() =>
        SameForecasts(CommandLine.Days(Rows, value: value => $"{CommandLine.Plain(value)},\"a \"\"note\"\",\nof two lines\"").Replace("Date,Sales", "Date,Sales,Note", StringComparison.Ordinal));

    [Fact]
    public void Forecast_BlankLines_ArePassedOver() => SameForecasts(CommandLine.Days(Rows, end: "\n\n"));

    [Theory]
    [InlineData("d.M.yyyy")]
    [InlineData("dd/MM/yyyy")]
    [InlineData("MM/dd/yyyy")]
    [InlineData("yyyyMMdd")]
    [InlineData("yyyy-MM-dd HH:mm:ss")]
    [InlineData("yyyy-MM-ddTHH:mm:ssZ")]
    [InlineData("d MMM yyyy")]
    public void Forecast_FormatsOfTimes_AreFoundOut(string format) => SameForecasts(CommandLine.Days(Rows, ";", time: Format(format)));

    [Fact]
    public void Forecast_FormatOfTimesThatIsSaid_IsTaken() => SameForecasts(CommandLine.Days(Rows, time: Format("yyyy'y'MM'm'dd'd'")), "--date-format yyyy'y'MM'm'dd'd'");

    [Fact]
    public void Forecast_DaysOrMonths_SaysWhichWasTakenAndTheFlag()
    {
        // Twelve days of January, or the first days of twelve months: evenly spaced both ways.
        string text = "Date;Sales\n" + string.Concat(Enumerable.Range(1, 12).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i:00}/01/2026;{CommandLine.Wave(i)}\n")));
        ToolResult result = _tool.Forecast(_tool.Write("data.csv", text)).Succeeds("can be read in two ways", "--date-format");
        Assert.Contains("'Date'", result.Output, StringComparison.Ordinal);
        string[] days = File.ReadAllLines(_tool["out/forecast.csv"]);
        _tool.Forecast(_tool["data.csv"], "--force --date-format MM/dd/yyyy").Succeeds();
        Assert.StartsWith("13/01/2026,", days[1], StringComparison.Ordinal);
        Assert.StartsWith("01/01/2027,", File.ReadAllLines(_tool["out/forecast.csv"])[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Forecast_UnevenTimes_NamesDateFormat()
    {
        string text = "Date;Sales\n" + string.Concat(Enumerable.Range(1, 12).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i:00}/{i:00}/2026;{CommandLine.Wave(i)}\n")));
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("'Date'", "--date-format");
    }

    [Fact]
    public void Forecast_Thousands_AreRead()
    {
        string[] expected = Forecasts(_tool.Write("plain.csv", CommandLine.Days(Rows, value: value => CommandLine.Plain(1000 * value))));
        Assert.Equal(expected, Forecasts(_tool.Write("english.csv", CommandLine.Days(Rows, value: value => $"\"{(1000 * value).ToString("N2", CultureInfo.InvariantCulture)}\""))));
        Assert.Equal(expected, Forecasts(_tool.Write("german.csv", CommandLine.Days(Rows, ";",
            value: value => (1000 * value).ToString("N2", CultureInfo.InvariantCulture).Replace(',', '_').Replace('.', ',').Replace('_', '.')))));
        Assert.Equal(expected, Forecasts(_tool.Write("french.csv", CommandLine.Days(Rows, ";",
            value: value => (1000 * value).ToString("N2", CultureInfo.InvariantCulture).Replace(',', '\u202F').Replace('.', ',')))));
    }

    [Fact]
    public void Forecast_CommasThatMayBeThousands_SaysSoAndTheFlag()
    {
        string Thousands(float value) => $"\"{MathF.Round(100 * value).ToString("N0", CultureInfo.InvariantCulture)}\"";
        string path = _tool.Write("data.csv", CommandLine.Days(Rows, value: Thousands));
        _tool.Forecast(path).Succeeds("can be read in two ways", "--decimal");
    }
}
