using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Threading;

/// <summary>
/// A few threads that share the parts of a job among them. A fork and join costs a few hundred nanoseconds while the team is busy: workers
/// spin for a while before they sleep. A part belongs to whoever is free to take it, so a worker that the system has put aside holds up
/// nobody who has not begun to wait for it. Who computes a part never changes a result: work is cut so that each value is computed whole,
/// in one order, within one part.
/// <para>One fork at a time. The threads start at the first fork that needs them and end with <see cref="Dispose"/>, which lets a fork on
/// another thread finish first.</para>
/// </summary>
internal sealed unsafe partial class WorkerTeam : IDisposable
{
    /// <summary>The most workers of a team; parts are counted in 16 bits.</summary>
    public const int MaxSize = 1024;

    // Floats below which a fork costs more than it saves.
    private const long SmallWork = 32_768;
    private volatile bool _isDisposed;
    private bool _isRunning;
    private volatile Thread? _caller;

    /// <summary>Prepares a team of <paramref name="size"/> workers: whoever calls Run, and size − 1 threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is not 1 to <see cref="MaxSize"/>.</exception>
    public WorkerTeam(int size)
        : this(size, forksBefore: 0)
    {
    }

    /// <summary>The same, as after that many forks.</summary>
    internal WorkerTeam(int size, ulong forksBefore)
    {
        Guard.RequireArgument(size is >= 1 and <= MaxSize, nameof(size), size, $"1 to {MaxSize}");
        Size = size;
        _ticket.Value = forksBefore << PartBits;
        _spinLimit = size <= Environment.ProcessorCount ? SpinsBeforeSleep : SpinsBeforeYield;
    }

    /// <summary>Number of workers, and of parts of a job.</summary>
    public int Size { get; }

    /// <summary>Looked at before each job, which is then not begun: whoever sets it cuts long work into jobs. Default: never cancelled.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>Jobs begun: as often the token was looked at.</summary>
    public long JobCount { get; private set; }

    /// <summary>The part of [0, count) that belongs to a part of a job, cut at multiples of <paramref name="unit"/>.</summary>
    public static (int Start, int End) Share(int count, int part, int parts, int unit = 1)
    {
        long units = ((long)count + unit - 1) / unit;
        return ((int)Math.Min(count, units * part / parts * unit), (int)Math.Min(count, units * (part + 1) / parts * unit));
    }

    /// <summary>Runs every part of the job and returns when all are done.</summary>
    /// <exception cref="InvalidOperationException">A part failed, or the team is running another job.</exception>
    /// <exception cref="ObjectDisposedException">The team was disposed of.</exception>
    public void Run<T>(in T job)
        where T : struct, IParallelJob
    {
        Begin();
        Fork(job, onePartEach: false);
    }

    /// <summary>Runs the job in parts if there is enough to do, otherwise whole: a fork and join costs about as much as moving ten thousand floats.</summary>
    /// <param name="job">The work.</param>
    /// <param name="floats">Floats that it reads or writes.</param>
    /// <inheritdoc cref="Run{T}(in T)" path="/exception"/>
    public void Run<T>(in T job, long floats)
        where T : struct, IParallelJob
    {
        Begin();
        if (floats < SmallWork)
            RunAlone(job);
        else
            Fork(job, onePartEach: false);
    }

    /// <summary>Runs a job whose parts meet at <see cref="Barrier"/>s: every worker takes exactly one.</summary>
    /// <inheritdoc cref="Run{T}(in T)" path="/exception"/>
    public void RunTogether<T>(in T job)
        where T : struct, IParallelJob
    {
        Begin();
        Fork(job, onePartEach: true);
    }

    private void Begin()
    {
        CancellationToken.ThrowIfCancellationRequested();
        JobCount++;
    }

    /// <summary>Ends the threads, after the fork that another thread may have under way. A second call does nothing.</summary>
    /// <exception cref="InvalidOperationException">Called by a job of this team, which would wait for itself.</exception>
    public void Dispose()
    {
        Thread current = Thread.CurrentThread;
        if (current == _caller || _threads.Contains(current))
            throw new InvalidOperationException("A job disposed of the team that runs it; expected that to happen after the job.");
        // Said before the wait: a thread that forks again and again would let nobody in between.
        _isDisposed = true;
        var wait = default(SpinWait);
        while (Interlocked.CompareExchange(ref _isRunning, true, false))
            wait.SpinOnce();
        StopThreads();
        Volatile.Write(ref _isRunning, false);
    }

    private void RunAlone<T>(in T job)
        where T : struct, IParallelJob
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        job.Run(0, 1);
    }

    private void Fork<T>(in T job, bool onePartEach)
        where T : struct, IParallelJob
    {
        if (Size == 1)
        {
            RunAlone(job);
            return;
        }
        // The argument may lie in an object that the collector moves; this copy stays where it is until every part is done.
        T copy = job;
        Enter();
        try
        {
            if (_threads.Length == 0)
                StartThreads();
            Fork(Unsafe.AsPointer(ref copy), &RunPart<T>, onePartEach);
        }
        finally
        {
            Leave();
        }
    }

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _isRunning, true, false))
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            throw new InvalidOperationException("The worker team is running a job; expected one job at a time, on one thread.");
        }
        _caller = Thread.CurrentThread;
        if (!_isDisposed)
            return;
        Leave();
        ObjectDisposedException.ThrowIf(true, this);
    }

    private void Leave()
    {
        _caller = null;
        Volatile.Write(ref _isRunning, false);
    }

    private static void RunPart<T>(void* job, int part, int parts)
        where T : struct, IParallelJob => Unsafe.AsRef<T>(job).Run(part, parts);
}
