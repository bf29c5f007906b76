namespace Microsoft.ML.Lstm.Tests;

/// <summary>The files that the tests are built from.</summary>
internal static class Repository
{
    /// <summary>The folder with Lstm.sln, found from where the tests run: a deterministic build replaces the paths that the compiler knows.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Lstm.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' has Lstm.sln.");
    }
}
