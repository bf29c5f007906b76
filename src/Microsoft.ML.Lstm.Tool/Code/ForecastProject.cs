using System.Reflection;
using Microsoft.ML.Lstm.Tool.Commands;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>A C# project that trains the model of a <c>lstm forecast</c> and forecasts with it, to the same values: to carry on with.</summary>
internal sealed class ForecastProject
{
    private const string ProjectFile = "Forecast.csproj", ProgramFile = "Program.cs", RowFile = "SeriesRow.cs", ReadmeFile = "README.md";
    private readonly OutputFiles _files;

    /// <param name="folder">Where to write it.</param>
    /// <param name="overwrite">Whether files that are there may be replaced.</param>
    public ForecastProject(string folder, bool overwrite) => (Folder, _files) = (folder, new OutputFiles(folder, overwrite, ProjectFile, ProgramFile, RowFile, ReadmeFile));

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Writes the project.</summary>
    public void Write(SeriesRun run)
    {
        var program = new ForecastCode(run);
        _files.WriteLines(ProjectFile, [Project()]);
        _files.WriteLines(ProgramFile, [program.Program()]);
        _files.WriteLines(RowFile, [program.Row()]);
        _files.WriteLines(ReadmeFile, [Readme(run)]);
    }

    private static string Project() => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Microsoft.ML.Lstm" Version="{Version(typeof(LstmForecaster))}" />
            <PackageReference Include="Sep" Version="{Version(typeof(nietras.SeparatedValues.Sep))}" />
          </ItemGroup>
        </Project>
        """;

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static string Readme(SeriesRun run) => $"""
        # Forecast

        Trains a forecaster on a CSV such as `{Path.GetFileName(run.Request.Path)}`, tests it on the last rows, saves `model.zip` and prints what comes next:

        ```
        dotnet run -c Release -- "{Path.GetFullPath(run.Request.Path)}"
        ```

        `Program.cs` has the training and its options, `SeriesRow.cs` how a row is read. In production `mlContext.Model.Load("model.zip", out _)` needs the package
        `Microsoft.ML.Lstm` and nothing else.
        """;
}
