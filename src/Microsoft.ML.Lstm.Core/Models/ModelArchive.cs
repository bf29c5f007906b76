using System.IO.Compression;

namespace Microsoft.ML.Lstm.Models;

/// <summary>Finds the model in what was opened: the file itself, or its entry in a .zip that ML.NET saved.</summary>
internal static class ModelArchive
{
    private const int MostNames = 16;
    private static ReadOnlySpan<byte> ZipSignature => "PK\u0003\u0004"u8;

    /// <summary>Reads the model.</summary>
    /// <param name="stream">The file; read into memory when it cannot seek.</param>
    /// <param name="name">Which of several; null: the only one.</param>
    /// <param name="entryName">What such a model's entry is called.</param>
    /// <param name="read">Reads the model's own bytes.</param>
    public static T Read<T>(Stream stream, string? name, string entryName, Func<Stream, T> read)
    {
        if (!stream.CanSeek)
        {
            var copy = new MemoryStream();
            stream.CopyTo(copy);
            copy.Position = 0;
            stream = copy;
        }
        if (!IsZip(stream))
            return read(stream);
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        ZipArchiveEntry entry = Find(zip, name, entryName);
        using Stream content = entry.Open();
        try
        {
            return read(content);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(Invariant($"The entry '{entry.FullName}' cannot be read. {e.Message}"), e);
        }
    }

    private static bool IsZip(Stream stream)
    {
        long start = stream.Position;
        Span<byte> found = stackalloc byte[ZipSignature.Length];
        int count = stream.ReadAtLeast(found, found.Length, throwOnEndOfStream: false);
        stream.Position = start;
        return found[..count].SequenceEqual(ZipSignature);
    }

    // ML.NET on Windows has written '\' between folders.
    private static ZipArchiveEntry Find(ZipArchive zip, string? name, string entryName)
    {
        ZipArchiveEntry[] models = [.. zip.Entries.Where(entry => Parts(entry)[^1] == entryName)];
        if (models.Length == 0)
            throw new InvalidDataException(Invariant($"The archive has no entry '{entryName}', which a model of Microsoft.ML.Lstm is saved in; it has {Names(zip.Entries)}."));
        ZipArchiveEntry[] chosen = name is null ? models : [.. models.Where(entry => entry.FullName == name || Parts(entry).Contains(name))];
        return chosen.Length == 1 ? chosen[0] : throw new ArgumentException(
            Invariant($"The archive has {chosen.Length} models{(name is null ? "" : Invariant($" of the name '{name}'"))}; expected 1. Its models are {Names(models)}: name one of them."), nameof(name));
    }

    private static string[] Parts(ZipArchiveEntry entry) => entry.FullName.Split('/', '\\');

    private static string Names(IReadOnlyCollection<ZipArchiveEntry> entries) =>
        string.Join(", ", entries.Take(MostNames).Select(entry => Invariant($"'{(entry.FullName.Length > 80 ? entry.FullName[..80] + "…" : entry.FullName)}'"))) + (entries.Count > MostNames ? ", …" : "");
}
