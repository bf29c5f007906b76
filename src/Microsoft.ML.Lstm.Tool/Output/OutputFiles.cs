using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Tool.Output;

/// <summary>The files that a command writes into one folder: refused at once if they are there, written whole or not at all.</summary>
internal sealed class OutputFiles
{
    private readonly string _folder;

    /// <summary>Looks whether the files can be written, before any work is done.</summary>
    /// <param name="folder">The folder; made if it is missing.</param>
    /// <param name="overwrite">Whether files that are there may be replaced.</param>
    /// <param name="names">The files.</param>
    /// <exception cref="ToolException">A file is there, or the folder cannot be written to.</exception>
    public OutputFiles(string folder, bool overwrite, params string[] names)
    {
        _folder = folder;
        foreach (string name in names)
            if (File.Exists(Path(name)) && !overwrite)
                throw new ToolException($"'{Path(name)}' is there already; expected to write it anew. --force replaces it, --output says where to write.");
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path($".{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ToolException($"Nothing can be written into '{folder}': {e.Message} --output says where to write.", e);
        }
    }

    /// <summary>The path of a file.</summary>
    public string Path(string name) => System.IO.Path.Combine(_folder, name);

    /// <summary>Writes a file, which is there whole or not at all.</summary>
    /// <exception cref="ToolException">The disk is full, or the file cannot be written.</exception>
    public void Write(string name, Action<Stream> write)
    {
        try
        {
            AtomicFile.Write(Path(name), write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"'{Path(name)}' cannot be written: {e.Message} --output says where to write.", e);
        }
    }

    /// <summary>Writes lines of text.</summary>
    public void WriteLines(string name, IEnumerable<string> lines) => Write(name, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        foreach (string line in lines)
            writer.Write(line + "\n");
    });
}
