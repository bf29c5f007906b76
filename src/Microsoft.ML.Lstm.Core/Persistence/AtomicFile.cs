using System.Globalization;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// Writes a file that is there whole or not at all: under a name of its own beside its place, flushed to the disk, renamed, and the folder
/// flushed. Several writers of one path do not harm each other: the last to rename wins, and each removes only what it made itself.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Writes or replaces a file; when writing fails, what was there stays.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">The disk is full, the folder missing, or <paramref name="path"/> a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string target = Path.GetFullPath(path), folder = Path.GetDirectoryName(target) ?? target;
        string temporary = string.Create(CultureInfo.InvariantCulture, $"{target}.{Random.Shared.NextInt64():x16}.tmp");
        // Made anew or not at all: a link that somebody planted under this name is not followed.
        using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
        {
            try
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            catch
            {
                Discard(stream, temporary);
                throw;
            }
        }
        try
        {
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
        FolderFlush.Run(folder);
    }

    // On a full disk closing fails as well, for what is buffered; the first error is the one to tell.
    private static void Discard(FileStream stream, string temporary)
    {
        try
        {
            stream.Dispose();
        }
        catch (IOException)
        {
        }
        File.Delete(temporary);
    }
}
