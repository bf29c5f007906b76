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

/// <summary>The entries of a model file.</summary>
internal sealed class RepositoryReader : IDisposable
{
    private readonly ZipArchive _archive;

    public RepositoryReader(Stream stream, IExceptionContext ectx)
    {
        try
        {
            _archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException ex)
        {
            throw ectx.Process(new FormatException("Failed to open a zip archive", ex));
        }
    }

    public MemoryStream OpenEntryOrNull(string folder, string name)
    {
        string path = ModelPath.Combine(folder, name);
        ZipArchiveEntry entry = _archive.Entries.FirstOrDefault(e => e.FullName.Replace('\\', '/') == path);
        if (entry is null)
            return null;
        var copy = new MemoryStream();
        using (Stream source = entry.Open())
            source.CopyTo(copy);
        copy.Position = 0;
        return copy;
    }

    public void Dispose() => _archive.Dispose();
}

internal static class ModelPath
{
    /// <summary>One separator on every system, so that a model moves between them.</summary>
    public static string Combine(string folder, string name) => string.IsNullOrEmpty(folder) ? name : $"{folder}/{name}";
}
