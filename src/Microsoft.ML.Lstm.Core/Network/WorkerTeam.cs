using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// A few threads that share the parts of a body among them. A fork and join costs a few hundred nanoseconds while the team is busy: workers
/// spin for a while before they sleep. A part belongs to whoever is free to take it, so a worker that the system has put aside holds up
/// nobody who has not begun to wait for it. Who computes a part never changes a result: work is cut so that each number is computed whole,
/// in one order, within one part.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    // Spins before a worker sleeps: tens of microseconds, the length of the serial stretches between two forks.
    private const int SpinLimit = 20_000;

    // Floats below which a fork costs more than it saves.
    private const long SmallWork = 32_768;
    private readonly Thread[] _threads;
    private readonly object _wake = new();
    private Action<int, int>? _body;
    private bool _onePartEach;
    private Exception? _failure;

    // The fork's number in the upper half, the next part that nobody has taken in the lower.
    private PaddedCounter _ticket;
    private PaddedCounter _done;
    private PaddedCounter _sleeping;
    private PaddedCounter _arrived;
    private PaddedCounter _phase;
    private volatile bool _disposed;

    /// <summary>Starts <paramref name="size"/> − 1 threads; whoever calls Run is the remaining worker.</summary>
    public WorkerTeam(int size)
    {
        Size = size;
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Work) { IsBackground = true, Name = Invariant($"Microsoft.ML.Lstm worker {i + 1}") };
            _threads[i].Start();
        }
    }

    /// <summary>Number of workers, and of parts of a body.</summary>
    public int Size { get; }

    /// <summary>The stretch of [0, count) that belongs to a part, cut at multiples of <paramref name="unit"/>.</summary>
    public static (int Start, int End) Share(int count, int part, int parts, int unit = 1)
    {
        int units = (count + unit - 1) / unit;
        return (Math.Min(count, (int)((long)units * part / parts) * unit), Math.Min(count, (int)((long)units * (part + 1) / parts) * unit));
    }

    /// <summary>Runs body(part, parts) for every part and returns when all are done. <paramref name="body"/> should be a cached delegate.</summary>
    public void Run(Action<int, int> body) => Fork(body, onePartEach: false);

    /// <summary>Runs the body in parts if there is enough to do, otherwise whole: a fork and join costs about as much as moving ten thousand floats.</summary>
    /// <param name="body">Called with (part, parts); should be a cached delegate.</param>
    /// <param name="floats">Numbers that the body reads or writes.</param>
    public void Run(Action<int, int> body, long floats)
    {
        if (floats < SmallWork)
            body(0, 1);
        else
            Run(body);
    }

    /// <summary>Runs a body whose parts meet at <see cref="Barrier"/>s: every worker takes exactly one.</summary>
    public void RunTogether(Action<int, int> body) => Fork(body, onePartEach: true);

    /// <summary>Inside a body of <see cref="RunTogether"/>: waits until every worker has come here.</summary>
    public void Barrier()
    {
        if (_threads.Length == 0)
            return;
        long phase = Volatile.Read(ref _phase.Value);
        if (Interlocked.Increment(ref _arrived.Value) == Size)
        {
            Volatile.Write(ref _arrived.Value, 0);
            Volatile.Write(ref _phase.Value, phase + 1);
            return;
        }
        int spins = 0;
        while (Volatile.Read(ref _phase.Value) == phase)
            Spin(ref spins);
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        WakeAll();
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void Fork(Action<int, int> body, bool onePartEach)
    {
        if (_threads.Length == 0)
        {
            body(0, 1);
            return;
        }
        (_body, _onePartEach) = (body, onePartEach);
        Volatile.Write(ref _done.Value, 0);
        long fork = (_ticket.Value >> 32) + 1;
        Interlocked.Exchange(ref _ticket.Value, fork << 32);
        if (Volatile.Read(ref _sleeping.Value) > 0)
            WakeAll();
        TakeParts(fork);
        int spins = 0;
        while (Volatile.Read(ref _done.Value) < Size)
            Spin(ref spins);
        if (_failure is not { } failure)
            return;
        _failure = null;
        throw new InvalidOperationException("A worker failed: " + failure.Message, failure);
    }

    private void Work()
    {
        long seen = 0;
        while (!_disposed)
        {
            int spins = 0;
            while (Volatile.Read(ref _ticket.Value) >> 32 == seen && !_disposed)
            {
                if (++spins < SpinLimit)
                    Thread.SpinWait(1);
                else
                    Sleep(seen);
            }
            seen = Volatile.Read(ref _ticket.Value) >> 32;
            TakeParts(seen);
        }
    }

    /// <summary>Takes parts of one fork while there are any. The fork cannot end, nor its body change, before a taken part is done.</summary>
    private void TakeParts(long fork)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket.Value);
            int part = (int)ticket;
            if (ticket >> 32 != fork || part >= Size)
                return;
            if (Interlocked.CompareExchange(ref _ticket.Value, ticket + 1, ticket) != ticket)
                continue;
            bool onePartEach = _onePartEach;
            RunPart(_body!, part);
            Interlocked.Increment(ref _done.Value);
            if (onePartEach)
                return;
        }
    }

    private void RunPart(Action<int, int> body, int part)
    {
        try
        {
            body(part, Size);
        }
        catch (Exception exception)
        {
            // Thrown again by the caller of Run, once every part is done.
            _failure = exception;
        }
    }

    private void Sleep(long seen)
    {
        lock (_wake)
        {
            // Announced before the look, so that a fork in between sees the sleeper. A condition rather than a semaphore, whose release
            // a worker that falls asleep again could take from one that has yet to wake.
            Interlocked.Increment(ref _sleeping.Value);
            while (Volatile.Read(ref _ticket.Value) >> 32 == seen && !_disposed)
                Monitor.Wait(_wake);
            Interlocked.Decrement(ref _sleeping.Value);
        }
    }

    private void WakeAll()
    {
        lock (_wake)
            Monitor.PulseAll(_wake);
    }

    private static void Spin(ref int spins)
    {
        // On a machine with fewer free cores than workers the one waited for may need this core.
        if (++spins % 512 == 0)
            Thread.Yield();
        else
            Thread.SpinWait(1);
    }

    /// <summary>A counter on cache lines of its own.</summary>
    [InlineArray(32)]
    private struct Padding
    {
        private int _element;
    }

    private struct PaddedCounter
    {
#pragma warning disable CS0169, IDE0051 // Space only.
        private Padding _before;
        public long Value;
        private Padding _after;
#pragma warning restore CS0169, IDE0051
    }
}
