using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Mpi;

/// <summary>MPI in this process, from its start to its end, of which there is one each.</summary>
internal sealed class MpiSession
{
    // MPI_THREAD_SERIALIZED: any thread calls, one at a time. One level below, that is the thread that has started MPI.
    private const int Serialized = 2;

    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan s_timeToForward = TimeSpan.FromSeconds(0.5);
    private static readonly Lazy<MpiSession> s_current = new(() => new MpiSession());

    private readonly MpiLibrary _library;
    private readonly Lock _gate = new();
    private readonly int _onlyThread = -1;

    private MpiSession()
    {
        using SignalHandlers handlers = SignalHandlers.Keep();
        _library = MpiLibrary.Load();
        if (_library.IsFinalized)
            throw new InvalidOperationException("MPI has been ended in this process; expected that it is used before.");
        if (!_library.IsInitialized)
        {
            if (_library.Initialize(Serialized) < Serialized)
                _onlyThread = Environment.CurrentManagedThreadId;
            AppDomain.CurrentDomain.ProcessExit += (_, _) => End();
        }
        (Rank, Size, Name) = (_library.Rank, _library.Size, _library.Version);
        if (WorkShard.FromLauncher() is { Count: > 1 } started && Size == 1)
            throw new InvalidOperationException(Invariant(
                $"The launcher has started {started.Count} processes, of which '{_library.Path}' ({Name}) sees this one alone; expected the library of the launcher's own MPI. Name its path in the environment variable {MpiLibrary.PathVariable}."));
    }

    public static MpiSession Current => s_current.Value;

    public int Rank { get; }

    public int Size { get; }

    public string Name { get; }

    /// <summary>Begins a call; one at a time.</summary>
    public Call Begin()
    {
        if (_onlyThread >= 0 && _onlyThread != Environment.CurrentManagedThreadId)
            throw new InvalidOperationException(Invariant(
                $"MPI was started by thread {_onlyThread} and is called by thread {Environment.CurrentManagedThreadId}; expected the same one: '{_library.Path}' allows no other."));
        return new Call(_library, _gate.EnterScope());
    }

    /// <summary>Ends all processes, saying why.</summary>
    public void Abort(string message)
    {
        Console.Error.WriteLine(Invariant($"Process {Rank} of {Size} ends all: {message}"));
        Console.Error.Flush();
        // MPICH's launcher drops what it has not yet read when it is told to end all; on a busy machine that was the message.
        Thread.Sleep(s_timeToForward);
        _library.Abort(exitCode: 1);
    }

    // While a call is under way the others are waited for: there is nothing to be ended in order, and the launcher will see to the rest.
    private void End()
    {
        if (!_gate.TryEnter())
            return;
        try
        {
            if (_library.IsFinalized)
                return;
            if (Environment.ExitCode == 0)
            {
                _library.End();
                return;
            }
            // Where all have come to the same end, the first says why; it must not be ended before.
            if (Rank > 0)
                Thread.Sleep(s_grace);
            _library.Abort(Environment.ExitCode);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>A call that is under way.</summary>
    internal ref struct Call(MpiLibrary library, Lock.Scope scope)
    {
        private Lock.Scope _scope = scope;

        public MpiLibrary Library { get; } = library;

        public void Dispose() => _scope.Dispose();
    }
}
