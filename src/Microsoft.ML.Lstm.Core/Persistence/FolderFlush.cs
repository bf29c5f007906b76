using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// Brings a folder's entries to the disk. On Unix a rename survives a power cut only when the folder is flushed too, for which .NET has no call;
/// Windows writes them with the rename.
/// </summary>
internal static partial class FolderFlush
{
    /// <summary>Flushes a folder, where the system and the file system can.</summary>
    public static void Run(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        try
        {
            int descriptor = Open(folder, flags: 0);
            if (descriptor < 0)
                return;
            // Some file systems refuse to flush a folder; the file itself is flushed already.
            _ = Flush(descriptor);
            _ = Close(descriptor);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
