using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

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
