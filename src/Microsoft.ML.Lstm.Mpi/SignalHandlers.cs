using System.Runtime.InteropServices;

namespace Microsoft.ML.Lstm.Mpi;

/// <summary>
/// The runtime's handlers of the signals that it makes exceptions of, kept while a library is loaded and started that would take them away: with UCX's
/// in their place, a null reference ends the process.
/// </summary>
internal readonly unsafe struct SignalHandlers : IDisposable
{
    // SIGILL, SIGTRAP, SIGABRT, SIGFPE and SIGSEGV have these numbers everywhere, SIGBUS one of two.
    private static readonly int[] s_signals = [4, 5, 6, 8, 11, OperatingSystem.IsMacOS() ? 10 : 7];

    // More than any system's struct sigaction.
    private const int Most = 512;

    private readonly delegate* unmanaged<int, void*, void*, int> _function;
    private readonly byte[]? _saved;

    private SignalHandlers(delegate* unmanaged<int, void*, void*, int> function)
    {
        _function = function;
        _saved = new byte[Most * s_signals.Length];
        fixed (byte* saved = _saved)
            for (int i = 0; i < s_signals.Length; i++)
                _function(s_signals[i], null, saved + (Most * i));
    }

    /// <summary>Keeps them until disposed of.</summary>
    public static SignalHandlers Keep() =>
        !OperatingSystem.IsWindows() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "sigaction", out nint function)
            ? new SignalHandlers((delegate* unmanaged<int, void*, void*, int>)function)
            : default;

    /// <summary>Puts them back.</summary>
    public void Dispose()
    {
        if (_saved is null)
            return;
        fixed (byte* saved = _saved)
            for (int i = 0; i < s_signals.Length; i++)
                _function(s_signals[i], saved + (Most * i), null);
    }
}
