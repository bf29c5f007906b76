using System.Reflection;
using Microsoft.ML.Lstm.Tool.Output;

namespace Microsoft.ML.Lstm.Tool.Code;

/// <summary>A folder for a C# project.</summary>
internal sealed class CodeFolder
{
    private const string ProgramFile = "Program.cs", RowsFile = "Rows.cs", ModelFile = "Model.cs", ReadmeFile = "README.md";
    private readonly OutputFiles _files;
    private readonly string _projectFile;

    /// <param name="folder">Where to write it.</param>
    /// <param name="overwrite">Whether files that are there may be replaced.</param>
    /// <param name="name">What the project is called.</param>
    /// <exception cref="ToolException">A file is there, or nothing can be written there.</exception>
    public CodeFolder(string folder, bool overwrite, string name)
    {
        (Folder, _projectFile) = (folder, $"{name}.csproj");
        _files = new OutputFiles(folder, overwrite, _projectFile, ProgramFile, RowsFile, ModelFile, ReadmeFile);
    }

    /// <summary>Where it is.</summary>
    public string Folder { get; }

    /// <summary>Writes the project.</summary>
    public void Write(GeneratedProject project)
    {
        _files.WriteLines(_projectFile, [ProjectText()]);
        _files.WriteLines(ProgramFile, [project.Program]);
        _files.WriteLines(RowsFile, [project.Rows]);
        _files.WriteLines(ModelFile, [project.Model]);
        _files.WriteLines(ReadmeFile, [project.Readme]);
    }

    private static string ProjectText() => $"""
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
}
