using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>
/// Floats that end where memory begins that nobody may touch, or that begin where such memory ends: whoever reads or writes beyond them ends the process, which canaries, that see
/// only writes, do not. Linux.
/// </summary>
internal sealed unsafe partial class GuardedPages : IDisposable
{
    private const int PageSize = 65_536, NoAccess = 0, ReadAndWrite = 3, PrivateAndAnonymous = 0x22;
    private readonly byte* _start;
    private readonly nuint _size;

    public GuardedPages(int floats)
    {
        nuint inner = ((((nuint)floats * sizeof(float)) + PageSize - 1) / PageSize) * PageSize;
        _size = inner + (2 * PageSize);
        _start = (byte*)Map(null, _size, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        if ((nint)_start == -1 || Protect(_start, PageSize, NoAccess) != 0 || Protect(_start + PageSize + inner, PageSize, NoAccess) != 0)
            throw new InvalidOperationException("The system has no guarded pages to give.");
    }

    /// <summary>So many floats, in [−1, 1): the last before the guard, or the first after the other.</summary>
    public float* Floats(int length, bool atEnd)
    {
        float* floats = (float*)(atEnd ? _start + _size - PageSize - (length * sizeof(float)) : _start + PageSize);
        for (int i = 0; i < length; i++)
            floats[i] = (i * 7 % 16 / 8f) - 1;
        return floats;
    }

    public void Dispose() => Unmap(_start, _size);

    [LibraryImport("libc", EntryPoint = "mmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unmap(void* address, nuint length);
}
