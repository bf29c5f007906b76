using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The files at the given paths; a file name may hold the wildcards * and ?.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths) => _paths = paths is null or [null] ? [] : [.. paths.SelectMany(Expand)];

    public int Count => _paths.Length;

    public string GetPathOrNull(int index)
    {
        Contracts.CheckParam(0 <= index && index < Count, nameof(index));
        return _paths[index];
    }

    public Stream Open(int index)
    {
        string path = GetPathOrNull(index);
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e)
        {
            throw new IOException($"Could not open file '{path}'. Error is: {e.Message}", e);
        }
    }

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));

    internal static string[] Expand(string path)
    {
        Contracts.CheckNonEmpty(path, nameof(path));
        string name = Path.GetFileName(path);
        string folder = Path.GetDirectoryName(path);
        if (name.IndexOfAny(['*', '?']) < 0)
            return [path];
        folder = string.IsNullOrEmpty(folder) ? "." : folder;
        return Directory.Exists(folder) ? [.. Directory.GetFiles(folder, name).Order(StringComparer.Ordinal)] : [];
    }
}
