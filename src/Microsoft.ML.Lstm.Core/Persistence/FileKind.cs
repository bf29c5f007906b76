namespace Microsoft.ML.Lstm.Persistence;

/// <summary>Tells by its first bytes what a file is that is no safetensors file, so that a wrong path is seen for what it is.</summary>
internal static class FileKind
{
    private static readonly (byte[] Signature, string Kind)[] Signatures =
    [
        ([0x50, 0x4B, 0x03, 0x04], "a .zip archive, as mlContext.Model.Save writes"),
        ([0x50, 0x4B, 0x05, 0x06], "an empty .zip archive"),
        ([0x1F, 0x8B], "a gzip file"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG image"),
        ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([0x25, 0x50, 0x44, 0x46], "a PDF document"),
        ([0x80, 0x02], "a Python pickle"),
        ([0x80, 0x04], "a Python pickle"),
        ([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
        ([0x7F, 0x45, 0x4C, 0x46], "a program (ELF)"),
        ([0x4D, 0x5A], "a program (PE)"),
        ([0xEF, 0xBB, 0xBF], "text"),
        ([0x7B], "JSON"),
    ];

    /// <summary>What begins with these bytes; null when it may be a safetensors file, or something unknown.</summary>
    /// <param name="prefix">The first 8 bytes, or all if there are fewer.</param>
    public static string? Of(ReadOnlySpan<byte> prefix)
    {
        if (prefix.IsEmpty)
            return "empty";
        foreach ((byte[] signature, string kind) in Signatures)
            if (prefix.StartsWith(signature))
                return kind;
        return IsText(prefix) ? "text" : null;
    }

    private static bool IsText(ReadOnlySpan<byte> prefix)
    {
        foreach (byte b in prefix)
            if (b is (< 0x20 or 0x7F or > 0xF4) and not ((byte)'\t' or (byte)'\n' or (byte)'\r'))
                return false;
        return true;
    }
}
