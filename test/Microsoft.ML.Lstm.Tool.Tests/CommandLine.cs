using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>A folder of files, and the tool run in it as a shell would: arguments in, exit code and what it said out.</summary>
public sealed class CommandLine : IDisposable
{
    /// <summary>The flags that make a training quick.</summary>
    public const string Quick = "--epochs 1 --hidden 2 --horizon 2 --window 4";

    private readonly string _folder = Directory.CreateTempSubdirectory("lstm-tool").FullName;

    /// <summary>The path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(_folder, name);

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string text, Encoding? encoding = null)
    {
        File.WriteAllText(this[name], text, encoding ?? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return this[name];
    }

    /// <summary>Runs it. Arguments are separated by blanks; {0}, {1}, … stand for those that may have blanks themselves.</summary>
    public static ToolResult Run(string line, params string[] values)
    {
        string[] arguments = [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => string.Format(CultureInfo.InvariantCulture, word, values))];
        var output = new StringWriter();
        var error = new StringWriter();
        int code = LstmTool.Run(arguments, new InvocationConfiguration { Output = output, Error = error }, CancellationToken.None).GetAwaiter().GetResult();
        return new ToolResult(code, output.ToString(), error.ToString());
    }

    /// <summary>Forecasts from a file into the folder "out".</summary>
    public ToolResult Forecast(string path, string flags = "") => Run($"forecast {{0}} --output {{1}} {Quick} {flags}", path, this["out"]);

    /// <summary>A CSV of days from 2026-01-01 and a wave.</summary>
    public static string Days(int rows, string separator = ",", string end = "\n", Func<DateTime, string>? time = null, Func<float, string>? value = null) => string.Concat(
        Enumerable.Range(0, rows).Select(i => (time ?? Day)(new DateTime(2026, 1, 1).AddDays(i)) + separator + (value ?? Plain)(Wave(i)) + end).Prepend($"Date{separator}Sales{end}"));

    /// <summary>The wave.</summary>
    public static float Wave(int i) => MathF.Round(100 + (10 * MathF.Sin(i * MathF.PI / 3.5f)) + (i % 5), 2);

    public static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Plain(float value) => value.ToString("0.00", CultureInfo.InvariantCulture);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

/// <summary>What a run of the tool came to.</summary>
public sealed record ToolResult(int Code, string Output, string Error)
{
    /// <summary>That it failed, with a message that has some words in it, and with no trace of the program's inside.</summary>
    public void Fails(params string[] words)
    {
        Assert.True(Code == 1, $"Exit code {Code}: {Output}{Error}");
        foreach (string word in words)
            Assert.Contains(word, Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
    }

    /// <summary>That it did what was asked for.</summary>
    public ToolResult Succeeds(params string[] words)
    {
        Assert.True(Code == 0, $"Exit code {Code}: {Error}");
        foreach (string word in words)
            Assert.Contains(word, Output, StringComparison.Ordinal);
        return this;
    }

    /// <summary>The output as the one JSON object that it should be.</summary>
    public JsonElement Json() => JsonDocument.Parse(Output).RootElement;
}
