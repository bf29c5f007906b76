using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Threading;

/// <summary>
/// How workers take parts. One counter, the ticket, holds the fork's number and the next part that nobody has taken: who wins the exchange
/// of a ticket for the next has that part, and a fork cannot end before its parts are done. Fork numbers have 48 bits and wrap.
/// </summary>
internal sealed unsafe partial class WorkerTeam
{
    private const int PartBits = 16;
    private const ulong PartMask = (1 << PartBits) - 1;

    // Spins before a worker sleeps: under a millisecond, longer than the serial work between two forks. With more workers than cores another
    // worker needs the core at once.
    private const int SpinsBeforeSleep = 20_000, SpinsBeforeYield = 512;
    private readonly object _wake = new();
    private readonly int _spinLimit;
    private Thread[] _threads = [];
    private void* _job;
    private delegate*<void*, int, int, void> _run;
    private bool _onePartEach;
    private Exception? _failure;
    private volatile bool _stop;
    private PaddedCounter _ticket, _done, _sleeping, _arrived, _phase;

    /// <summary>Threads that have gone to sleep for want of work.</summary>
    internal int SleepingThreads => (int)Volatile.Read(ref _sleeping.Value);

    /// <summary>Threads that have been started.</summary>
    internal int StartedThreads => _threads.Length;

    /// <summary>Inside a job of <see cref="RunTogether"/>: waits until every worker has come here.</summary>
    public void Barrier()
    {
        if (Size == 1)
            return;
        ulong phase = Volatile.Read(ref _phase.Value);
        if (Interlocked.Increment(ref _arrived.Value) == (ulong)Size)
        {
            Volatile.Write(ref _arrived.Value, 0);
            Volatile.Write(ref _phase.Value, phase + 1);
            return;
        }
        int spins = 0;
        while (Volatile.Read(ref _phase.Value) == phase)
        {
            // A worker that has failed comes to no barrier.
            if (Volatile.Read(ref _failure) is not null)
                throw new OperationCanceledException("Another worker failed.");
            Spin(ref spins);
        }
    }

    private void Fork(void* job, delegate*<void*, int, int, void> run, bool onePartEach)
    {
        _job = job;
        _run = run;
        _onePartEach = onePartEach;
        _arrived.Value = 0;
        Volatile.Write(ref _done.Value, 0);
        ulong fork = ((_ticket.Value >> PartBits) + 1) << PartBits;
        Interlocked.Exchange(ref _ticket.Value, fork);
        if (Volatile.Read(ref _sleeping.Value) > 0)
            WakeAll();
        TakeParts(fork >> PartBits);
        int spins = 0;
        while (Volatile.Read(ref _done.Value) < (ulong)Size)
            Spin(ref spins);
        if (_failure is not { } failure)
            return;
        _failure = null;
        throw new InvalidOperationException("A worker failed: " + failure.Message, failure);
    }

    /// <summary>Takes parts of one fork while there are any. The fork cannot end, nor its job change, before a taken part is done.</summary>
    private void TakeParts(ulong fork)
    {
        while (true)
        {
            ulong ticket = Volatile.Read(ref _ticket.Value);
            int part = (int)(ticket & PartMask);
            if (ticket >> PartBits != fork || part >= Size)
                return;
            if (Interlocked.CompareExchange(ref _ticket.Value, ticket + 1, ticket) != ticket)
                continue;
            bool onePartEach = _onePartEach;
            try
            {
                _run(_job, part, Size);
            }
            catch (Exception exception)
            {
                // Thrown again by the caller of Run, once every part is done.
                Interlocked.CompareExchange(ref _failure, exception, null);
            }
            Interlocked.Increment(ref _done.Value);
            if (onePartEach)
                return;
        }
    }

    private void StartThreads()
    {
        // The thread's first look must find the fork after this one new, however late it begins.
        ulong fork = _ticket.Value >> PartBits;
        var threads = new Thread[Size - 1];
        for (int i = 0; i < threads.Length; i++)
            threads[i] = new Thread(() => Work(fork)) { IsBackground = true, Name = Invariant($"Microsoft.ML.Lstm worker {i + 1}") };
        int started = 0;
        try
        {
            for (; started < threads.Length; started++)
                threads[started].Start();
        }
        catch
        {
            // The system has no more threads to give. The next fork may try again.
            _threads = threads[..started];
            StopThreads();
            (_threads, _stop) = ([], false);
            throw;
        }
        _threads = threads;
    }

    private void StopThreads()
    {
        _stop = true;
        WakeAll();
        foreach (Thread thread in _threads)
            thread.Join();
    }

    private void Work(ulong seen)
    {
        while (!_stop)
        {
            int spins = 0;
            while (Volatile.Read(ref _ticket.Value) >> PartBits == seen && !_stop)
            {
                if (spins < _spinLimit)
                    Spin(ref spins);
                else
                    Sleep(seen);
            }
            seen = Volatile.Read(ref _ticket.Value) >> PartBits;
            TakeParts(seen);
        }
    }

    private void Sleep(ulong seen)
    {
        lock (_wake)
        {
            // Announced before the look, so that a fork in between sees the sleeper. A condition rather than a semaphore, whose release
            // a worker that falls asleep again could take from one that has yet to wake.
            Interlocked.Increment(ref _sleeping.Value);
            while (Volatile.Read(ref _ticket.Value) >> PartBits == seen && !_stop)
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
        if (++spins % SpinsBeforeYield == 0)
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
        public ulong Value;
        private Padding _after;
#pragma warning restore CS0169, IDE0051
    }
}
