using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Lstm.Mpi;

/// <summary>The MPI library of this machine: found, loaded, and its functions by name.</summary>
internal sealed unsafe class MpiLibrary
{
    /// <summary>The environment variable that names the library, where it is none of the usual ones.</summary>
    public const string PathVariable = "LSTM_MPI_LIBRARY";

    private const int MostErrorText = 8192, MostVersionText = 8192;

    private readonly delegate* unmanaged<byte*, int*, int> _version;
    private readonly delegate* unmanaged<int, byte*, int*, int> _errorText;
    private readonly delegate* unmanaged<int*, int> _initialized, _finalized;
    private readonly delegate* unmanaged<nint, nint, int, int*, int> _initThread;
    private readonly delegate* unmanaged<int> _finalize;
    private readonly delegate* unmanaged<nint, int, int> _abort;
    private readonly delegate* unmanaged<nint, int*, int> _rank, _size;
    private readonly delegate* unmanaged<void*, int, nint, int, nint, int> _broadcast;
    private readonly delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, int> _gather;
    private readonly delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, int> _exchange;

    private MpiLibrary(string path, nint library)
    {
        Path = path;
        Abi = AbiOf(path, library);
        _version = (delegate* unmanaged<byte*, int*, int>)Function("MPI_Get_library_version");
        _errorText = (delegate* unmanaged<int, byte*, int*, int>)Function("MPI_Error_string");
        _initialized = (delegate* unmanaged<int*, int>)Function("MPI_Initialized");
        _finalized = (delegate* unmanaged<int*, int>)Function("MPI_Finalized");
        _initThread = (delegate* unmanaged<nint, nint, int, int*, int>)Function("MPI_Init_thread");
        _finalize = (delegate* unmanaged<int>)Function("MPI_Finalize");
        _abort = (delegate* unmanaged<nint, int, int>)Function("MPI_Abort");
        _rank = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_rank");
        _size = (delegate* unmanaged<nint, int*, int>)Function("MPI_Comm_size");
        _broadcast = (delegate* unmanaged<void*, int, nint, int, nint, int>)Function("MPI_Bcast");
        _gather = (delegate* unmanaged<void*, int, nint, void*, int*, int*, nint, nint, int>)Function("MPI_Allgatherv");
        _exchange = (delegate* unmanaged<void*, int*, int*, nint, void*, int*, int*, nint, nint, int>)Function("MPI_Alltoallv");

        nint Function(string name) => NativeLibrary.TryGetExport(library, name, out nint address) ? address
            : throw new DllNotFoundException(Invariant($"The library '{path}' has no function {name}; expected an MPI library of version 3 or later."));
    }

    /// <summary>The name that it was found by.</summary>
    public string Path { get; }

    /// <summary>How it names things.</summary>
    public MpiAbi Abi { get; }

    public bool IsInitialized => Ask(_initialized);

    public bool IsFinalized => Ask(_finalized);

    public int Rank => Ask(_rank, "MPI_Comm_rank");

    public int Size => Ask(_size, "MPI_Comm_size");

    /// <summary>The library's name and version, the beginning of what it says of itself: "Open MPI v4.1.4", "MPICH Version: 4.0.2".</summary>
    public string Version
    {
        get
        {
            byte* text = stackalloc byte[MostVersionText];
            int length = 0;
            Check(_version(text, &length), "MPI_Get_library_version");
            string first = Encoding.UTF8.GetString(text, length).Split('\n', ',', '\0')[0];
            return string.Join(' ', first.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        }
    }

    /// <summary>Loads the library that an environment variable names, or the first of the usual ones that is there, those of the launcher first.</summary>
    /// <exception cref="DllNotFoundException">There is none; says what to install.</exception>
    public static MpiLibrary Load()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } given)
            return NativeLibrary.TryLoad(given, out nint named) ? new MpiLibrary(given, named)
                : throw new DllNotFoundException(Invariant($"The environment variable {PathVariable} is '{given}', which cannot be loaded; expected the path of an MPI library."));
        IReadOnlyList<string> names = MpiLibraryNames.InOrder(Environment.GetEnvironmentVariable);
        foreach (string name in names)
            if (NativeLibrary.TryLoad(name, out nint library))
                return new MpiLibrary(name, library);
        throw new DllNotFoundException(Invariant(
            $"No MPI library is found; tried {string.Join(", ", names)}. Install one on every machine: {MpiLibraryNames.HowToInstall}. If it is elsewhere, name its path in the environment variable {PathVariable}."));
    }

    /// <summary>Starts MPI; returns the level of threads that the library allows.</summary>
    public int Initialize(int level)
    {
        int provided = 0;
        Check(_initThread(0, 0, level, &provided), "MPI_Init_thread");
        return provided;
    }

    public void End() => Check(_finalize(), "MPI_Finalize");

    public void Abort(int exitCode) => Check(_abort(Abi.World, exitCode), "MPI_Abort");

    public void Broadcast(Span<byte> message, int root)
    {
        fixed (byte* bytes = message)
            Check(_broadcast(bytes, message.Length, Abi.Byte, root, Abi.World), "MPI_Bcast");
    }

    public void Gather(ReadOnlySpan<byte> message, Span<byte> all, ReadOnlySpan<int> lengths, ReadOnlySpan<int> starts)
    {
        fixed (byte* own = message, to = all)
        fixed (int* counts = lengths, places = starts)
            Check(_gather(own, message.Length, Abi.Byte, to, counts, places, Abi.Byte, Abi.World), "MPI_Allgatherv");
    }

    public void Exchange(
        ReadOnlySpan<byte> messages, ReadOnlySpan<int> lengths, ReadOnlySpan<int> starts, Span<byte> received, ReadOnlySpan<int> receivedLengths, ReadOnlySpan<int> receivedStarts)
    {
        fixed (byte* from = messages, to = received)
        fixed (int* counts = lengths, places = starts, toCounts = receivedLengths, toPlaces = receivedStarts)
            Check(_exchange(from, counts, places, Abi.Byte, to, toCounts, toPlaces, Abi.Byte, Abi.World), "MPI_Alltoallv");
    }

    private static MpiAbi AbiOf(string path, nint library) =>
        NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out nint world) && NativeLibrary.TryGetExport(library, "ompi_mpi_byte", out nint bytes) ? MpiAbi.OpenMpi(world, bytes)
        : System.IO.Path.GetFileName(path).Contains("mpi_abi", StringComparison.Ordinal) ? MpiAbi.Standard
        : MpiAbi.Mpich;

    private bool Ask(delegate* unmanaged<int*, int> function)
    {
        int flag = 0;
        Check(function(&flag), "MPI_Initialized");
        return flag != 0;
    }

    private int Ask(delegate* unmanaged<nint, int*, int> function, string name)
    {
        int value = 0;
        Check(function(Abi.World, &value), name);
        return value;
    }

    // Most libraries end all processes on an error, by MPI's default; one may return instead.
    private void Check(int code, string function)
    {
        if (code == 0)
            return;
        byte* text = stackalloc byte[MostErrorText];
        int length = 0;
        string said = _errorText(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, length) : "no text";
        throw new InvalidOperationException(Invariant($"{function} of '{Path}' has failed with code {code}: {said}"));
    }
}
