using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The entries of a model file to be, kept in memory until all of them are written.</summary>
internal sealed class RepositoryWriter
{
    private readonly Dictionary<string, MemoryStream> _entries = [];

    public RepositoryWriter()
    {
        string version = typeof(RepositoryWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>().InformationalVersion;
        using var writer = new StreamWriter(CreateEntry("TrainingInfo", "Version.txt"), leaveOpen: true);
        writer.WriteLine(version);
    }

    public MemoryStream CreateEntry(string folder, string name)
    {
        string path = ModelPath.Combine(folder, name);
        var stream = new MemoryStream();
        if (!_entries.TryAdd(path, stream))
            throw Contracts.ExceptParam(nameof(name), $"Duplicate entry: '{path}'");
        return stream;
    }

    public void Commit(Stream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach ((string path, MemoryStream entry) in _entries)
        {
            using Stream target = archive.CreateEntry(path).Open();
            entry.WriteTo(target);
        }
    }
}
