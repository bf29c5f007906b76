namespace Microsoft.ML.Lstm.Persistence;

/// <summary>Writes a file that is there whole or not at all: beside its place, flushed to the disk, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes or replaces a file; when writing fails, what was there stays.</summary>
    public static void Write(string path, Action<Stream> write)
    {
        string temporary = path + ".tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
