using System.Globalization;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>What kind of file a safetensors file is, and of which version: two entries of its metadata.</summary>
internal sealed record FileFormat(string Name, int Version)
{
    public const string NameKey = "format", VersionKey = "format_version";

    /// <summary>Marks a file, and has it carry a checksum.</summary>
    /// <param name="file">The file.</param>
    /// <param name="version">The version that first had all that is in it; null: the newest.</param>
    public void WriteTo(SafetensorsWriter file, int? version = null)
    {
        file.HasChecksum = true;
        file.Metadata[NameKey] = Name;
        file.Metadata[VersionKey] = (version ?? Version).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Refuses a file of another kind or of a newer version.</summary>
    /// <returns>The file's version, from 1 to <see cref="Version"/>.</returns>
    /// <exception cref="InvalidDataException">Says what was found and expected.</exception>
    public int Require(IReadOnlyDictionary<string, string> metadata)
    {
        string found = metadata.GetValueOrDefault(NameKey, "none");
        if (found != Name)
            throw new InvalidDataException(Invariant($"The file's format is '{Excerpt.Of(found)}'; expected '{Name}'."));
        string text = metadata.GetValueOrDefault(VersionKey, "none");
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version) || version < 1)
            throw new InvalidDataException(Invariant($"The file's format version is '{Excerpt.Of(text)}'; expected a number from 1 to {Version}."));
        return version <= Version ? version : throw new InvalidDataException(
            Invariant($"The file's format version is {version}; expected at most {Version}: it was written by a newer version of Microsoft.ML.Lstm."));
    }

    /// <summary>Reads a file by its path, which is said with what is wrong in it.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="what">What it is, to its user.</param>
    /// <param name="read">Reads its content.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not what it should be, or a folder; names the file.</exception>
    public static T Load<T>(string path, string what, Func<Stream, T> read)
    {
        using Stream stream = Open(path, what);
        return Read(path, what, stream, read);
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a folder; names it.</exception>
    public static Stream Open(string path, string what) => Directory.Exists(path)
        ? throw new InvalidDataException(Invariant($"The {what} '{path}' cannot be read. It is a folder; expected a file."))
        : File.OpenRead(path);

    /// <summary>Reads what was opened; says its path with what is wrong in it.</summary>
    /// <exception cref="InvalidDataException">It is not what it should be; names the file.</exception>
    public static T Read<T>(string path, string what, Stream stream, Func<Stream, T> read)
    {
        try
        {
            return read(stream);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(Invariant($"The {what} '{path}' cannot be read. {e.Message}"), e);
        }
    }
}
