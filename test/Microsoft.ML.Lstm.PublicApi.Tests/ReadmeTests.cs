using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Lstm.PublicApi.Tests;

public sealed class ReadmeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lstm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Readme_FirstProgram_IsTheOneCompiledHere()
    {
        string example = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ReadmeExample.cs"));

        Assert.Contains($"```csharp\n{example}```", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_FirstProgram_TrainsSavesLoadsAndForecastsTwelveMonths()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "sunspots-monthly.csv"), Path.Combine(_folder, "sunspots-monthly.csv"));

        using Process program = Process.Start(new ProcessStartInfo(DotNet, [typeof(ReadmeTests).Assembly.Location])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = program.StandardError.ReadToEndAsync();
        string output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();

        Assert.True(program.ExitCode == 0, await error);
        float[] months = [.. output.Split(' ').Select(text => float.Parse(text, CultureInfo.InvariantCulture))];
        Assert.Equal(12, months.Length);
        Assert.All(months, value => Assert.InRange(value, -50, 350));
        Assert.True(File.Exists(Path.Combine(_folder, "model.zip")));
    }

    private static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
