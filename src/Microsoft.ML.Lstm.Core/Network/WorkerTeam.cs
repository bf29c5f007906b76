using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// A few threads that run the same body side by side and meet at barriers. A fork and join costs a few hundred nanoseconds while the team
/// is busy: workers spin for a while before they sleep. Which worker computes what never changes a result: work is cut so that each number
/// is computed whole, in one order, by one worker.
/// </summary>
internal sealed class WorkerTeam : IDisposable
{
    // Spins before a worker sleeps: tens of microseconds, the length of the serial stretches between two forks.
    private const int SpinLimit = 20_000;
    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private Action<int, int>? _body;
    private Exception? _failure;
    private PaddedCounter _forks;
    private PaddedCounter _running;
    private PaddedCounter _sleeping;
    private PaddedCounter _arrived;
    private PaddedCounter _phase;
    private volatile bool _disposed;

    /// <summary>Starts <paramref name="size"/> − 1 threads; the caller of <see cref="Run"/> is the remaining worker.</summary>
    public WorkerTeam(int size)
    {
        Size = size;
        _threads = new Thread[size - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i + 1;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"Microsoft.ML.Lstm worker {worker}" };
            _threads[i].Start();
        }
    }

    /// <summary>Number of workers.</summary>
    public int Size { get; }

    /// <summary>The part of [0, count) that a worker takes, cut at multiples of <paramref name="unit"/>.</summary>
    public static (int Start, int End) Share(int count, int worker, int workers, int unit = 1)
    {
        int units = (count + unit - 1) / unit;
        return (Math.Min(count, (int)((long)units * worker / workers) * unit), Math.Min(count, (int)((long)units * (worker + 1) / workers) * unit));
    }

    /// <summary>Runs body(worker, workers) on every worker and returns when all are done. <paramref name="body"/> should be a cached delegate.</summary>
    public void Run(Action<int, int> body)
    {
        if (_threads.Length == 0)
        {
            body(0, 1);
            return;
        }
        _body = body;
        Volatile.Write(ref _running.Value, _threads.Length);
        Interlocked.Increment(ref _forks.Value);
        int asleep = Volatile.Read(ref _sleeping.Value);
        if (asleep > 0)
            _wake.Release(asleep);
        RunBody(body, 0);
        SpinWait wait = default;
        while (Volatile.Read(ref _running.Value) > 0)
            wait.SpinOnce(sleep1Threshold: -1);
        if (_failure is { } failure)
        {
            _failure = null;
            throw new InvalidOperationException("A worker failed: " + failure.Message, failure);
        }
    }

    /// <summary>Inside a body: waits until every worker has come here.</summary>
    public void Barrier()
    {
        if (_threads.Length == 0)
            return;
        int phase = Volatile.Read(ref _phase.Value);
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
        _wake.Release(Size);
        foreach (Thread thread in _threads)
            thread.Join();
        _wake.Dispose();
    }

    private void Work(int worker)
    {
        int seen = 0;
        while (true)
        {
            int spins = 0;
            while (Volatile.Read(ref _forks.Value) == seen && !_disposed)
            {
                if (++spins < SpinLimit)
                    Thread.SpinWait(1);
                else
                    Sleep(seen);
            }
            if (_disposed)
                return;
            seen++;
            RunBody(_body!, worker);
            Interlocked.Decrement(ref _running.Value);
        }
    }

    private void Sleep(int seen)
    {
        // Announced before the last look, so that a fork in between sees the sleeper and releases it. A release too many only
        // makes a later sleep return at once, and the caller looks again.
        Interlocked.Increment(ref _sleeping.Value);
        if (Volatile.Read(ref _forks.Value) == seen && !_disposed)
            _wake.Wait();
        Interlocked.Decrement(ref _sleeping.Value);
    }

    private void RunBody(Action<int, int> body, int worker)
    {
        try
        {
            body(worker, Size);
        }
        catch (Exception exception) when (worker > 0)
        {
            _failure = exception;
        }
    }

    private static void Spin(ref int spins)
    {
        // On a machine with fewer free cores than workers the one waited for may need this core.
        if (++spins % 4096 == 0)
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
        public int Value;
        private Padding _after;
#pragma warning restore CS0169, IDE0051
    }
}
