namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Files that cannot be forecast from: each message says where, what was found, and the flag that helps.</summary>
public sealed class BadFileTests : IDisposable
{
    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("\n\n", "is empty")]
    [InlineData("Date,Sales\n", "--header")]
    [InlineData("Date,Sales", "--header")]
    [InlineData("Date,Sales\n2026-01-01,5\n", "--horizon")]
    [InlineData("Date,Sales\n2026-01-01,\n2026-01-02,\n", "--target")]
    public void Forecast_TooLittle_SaysWhatIsExpected(string text, string words) => _tool.Forecast(_tool.Write("data.csv", text)).Fails(words, "expected");

    [Fact]
    public void Forecast_NoSuchFile_NamesIt() => _tool.Forecast(_tool["none.csv"]).Fails("none.csv", "There is no file");

    [Fact]
    public void Forecast_Folder_IsRefused() => _tool.Forecast(Directory.CreateDirectory(_tool["folder"]).FullName).Fails("folder");

    [Theory]
    [InlineData("--target Price", "--target is 'Price'")]
    [InlineData("--time When", "--time is 'When'")]
    [InlineData("--group Shop", "--group is 'Shop'")]
    [InlineData("--past Rain", "--past is 'Rain'")]
    [InlineData("--future Holiday", "--future is 'Holiday'")]
    [InlineData("--static Region", "--static is 'Region'")]
    public void Forecast_NoSuchColumn_NamesTheFlagAndThoseThereAre(string flag, string words) =>
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40)), flag).Fails(words, "'Date'", "'Sales'", "--separator");

    [Fact]
    public void Forecast_TextInAColumnOfValues_NamesTheLine()
    {
        string text = CommandLine.Days(40).Replace("2026-01-20,", "2026-01-20,closed", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("'Sales'", "closed", "line 21", "--decimal");
    }

    [Fact]
    public void Forecast_TextFarBelowTheRowsLookedAt_NamesTheLine()
    {
        string text = CommandLine.Days(3000).Replace("2033-01-01,", "2033-01-01,closed", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("closed", "line 2559", "--decimal");
    }

    [Fact]
    public void Forecast_TargetOfTexts_SaysSo() => _tool.Forecast(_tool.Write("data.csv", "Date,Shop\n2026-01-01,north\n2026-01-02,south\n"), "--target Shop").Fails("--target is 'Shop'", "north", "--decimal");

    [Theory]
    [InlineData("{0} °C", "with anything beside it, as \"… °C\" here")]
    [InlineData("${0}", "as \"$…\" here")]
    [InlineData("{0}%", "as \"…%\" here")]
    [InlineData("({0})", "as \"(…)\" here")]
    [InlineData("{0}e39", "Values are at most 3.4E+38")]
    public void Forecast_ValuesWithUnitsOrBeyondAll_SaysWhatToChange(string format, string words) => _tool.Forecast(_tool.Write("data.csv",
        CommandLine.Days(40, value: value => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, CommandLine.Plain(value)))))
        .Fails("No column has values", words);

    [Fact]
    public void Forecast_OneValueWithAUnit_SaysWhatToChange() =>
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40).Replace("2026-01-20,", "2026-01-20,EUR ", StringComparison.Ordinal))).Fails("'Sales'", "line 21", "as \"EUR …\" here");

    [Theory]
    [InlineData("sep=,\n")]
    [InlineData("Sales of the year\n")]
    [InlineData("# exported\n")]
    public void Forecast_LineAboveTheNames_SaysToTakeItOut(string line) =>
        _tool.Forecast(_tool.Write("data.csv", line + CommandLine.Days(40))).Fails("The first line", line.TrimEnd('\n').Split(',')[0], "Take it out");

    [Fact]
    public void Forecast_TwoColumnsTellSeriesApart_SaysToWriteThemIntoOne()
    {
        string[] lines = [.. CommandLine.Days(40).TrimEnd().Split('\n').Skip(1)];
        string text = "Shop,Item,Date,Sales\n" + string.Join('\n', lines.SelectMany(line => new[] { "north,tea," + line, "north,milk," + line }));
        _tool.Forecast(_tool.Write("data.csv", text), "--group Shop").Fails("'Date'", "twice", "series 'north'", "one column for --group");
    }

    [Fact]
    public void Forecast_TimeOfValues_NamesDateFormat() => _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(40)), "--time Sales").Fails("--time is 'Sales'", "--date-format");

    [Fact]
    public void Forecast_MixedDateFormats_NamesDateFormat()
    {
        string text = CommandLine.Days(40).Replace("2026-01-20", "20.01.2026", StringComparison.Ordinal);
        string path = _tool.Write("data.csv", text);
        _tool.Forecast(path).Fails("'Date'", "20.01.2026", "line 21", "--date-format");
        _tool.Forecast(path, "--time Date").Fails("'Date'", "20.01.2026", "line 21", "--date-format");
    }

    [Fact]
    public void Forecast_MixedDateFormatsFarBelow_NamesTheLine()
    {
        string text = CommandLine.Days(3000).Replace("2033-01-01,", "01/01/2033,", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("01/01/2033", "line 2559", "--date-format");
    }

    [Fact]
    public void Forecast_TimesTwice_NamesGroup()
    {
        string text = CommandLine.Days(40).Replace("2026-01-20", "2026-01-19", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("'Date'", "2026-01-19", "twice", "--group");
    }

    [Fact]
    public void Forecast_TimesThatDecrease_NamesGroup()
    {
        string text = CommandLine.Days(40).Replace("2026-01-20", "2025-01-20", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("'Date'", "2025-01-20", "after", "--group");
    }

    [Fact]
    public void Forecast_TimeZonesMixed_NamesTheLine()
    {
        string text = CommandLine.Days(40, time: day => $"{CommandLine.Day(day)}T00:00:00Z").Replace("2026-01-20T00:00:00Z", "2026-01-20T00:00:00", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("2026-01-20T00:00:00", "line 21", "time zone");
    }

    [Fact]
    public void Forecast_RowTooShort_NamesTheLine()
    {
        string text = CommandLine.Days(40).Replace("2026-01-20,", "2026-01-20 ", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("Line 21", "--separator");
    }

    [Fact]
    public void Forecast_SeveralColumnsOfValues_NamesTarget() => _tool.Forecast(_tool.Write("data.csv", "Date,Sales,Price\n2026-01-01,1,2\n2026-01-02,2,3\n")).Fails("'Sales', 'Price'", "--target");

    [Fact]
    public void Forecast_SeriesTooShort_NamesHorizon() => _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(5))).Fails("5 rows", "expected", "--horizon");

    [Fact]
    public void Forecast_MissingValues_NamesTheFlag()
    {
        string text = CommandLine.Days(40, value: value => value > 108 ? "" : CommandLine.Plain(value));
        string path = _tool.Write("data.csv", text);
        _tool.Forecast(path, "--missing Refuse").Fails("'Sales'", "--missing");
        foreach (string way in (string[])["Mask", "FillLast", "FillLinear"])
        {
            _tool.Forecast(path, $"--force --missing {way}").Succeeds();
            Assert.DoesNotContain(",,", File.ReadAllText(_tool["out/forecast.csv"]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Forecast_BinaryFile_IsRefused()
    {
        byte[] bytes = new byte[4096];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(_tool["data.csv"], bytes);
        _tool.Forecast(_tool["data.csv"]).Fails("expected");
    }

    [Fact]
    public void Forecast_QuoteThatIsNeverClosed_IsRefused()
    {
        string text = CommandLine.Days(40).Replace("2026-01-20,", "2026-01-20,\"", StringComparison.Ordinal);
        _tool.Forecast(_tool.Write("data.csv", text)).Fails("data.csv", "Line 21", "quote");
    }
}
