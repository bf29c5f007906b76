namespace Microsoft.ML.Lstm.Threading;

/// <summary>
/// Guards scratch that one call at a time may use: a second call is refused rather than let in to corrupt the first, and so is whoever comes after
/// the end. An end that comes while the scratch is in use takes effect when that use is over. Costs two interlocked operations.
/// </summary>
/// <param name="name">The name of what is guarded, for messages.</param>
/// <param name="end">Frees it; called once. Null where there is nothing to free.</param>
internal sealed class ExclusiveUse(string name, Action? end = null) : IDisposable
{
    private const int Idle = 0, InUse = 1, Ending = 2, Ended = 3;
    private int _state;

    /// <summary>Begins a use, which the lease ends.</summary>
    /// <exception cref="ObjectDisposedException">It was disposed of.</exception>
    /// <exception cref="InvalidOperationException">It is in use.</exception>
    public Lease Begin()
    {
        int found = Interlocked.CompareExchange(ref _state, InUse, Idle);
        if (found == Idle)
            return new Lease(this);
        throw found == InUse
            ? new InvalidOperationException(Invariant($"{name} is in use by another call; expected one call at a time. It is not thread-safe: each thread needs one of its own."))
            : new ObjectDisposedException(name);
    }

    /// <summary>Lets nobody in any more, and frees what is guarded: now, or at the end of the use under way.</summary>
    public void Dispose()
    {
        while (true)
        {
            int found = Volatile.Read(ref _state);
            if (found >= Ending)
                return;
            if (Interlocked.CompareExchange(ref _state, found == Idle ? Ended : Ending, found) != found)
                continue;
            if (found == Idle)
                end?.Invoke();
            return;
        }
    }

    private void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, InUse) == InUse)
            return;
        Volatile.Write(ref _state, Ended);
        end?.Invoke();
    }

    /// <summary>One use.</summary>
    public readonly ref struct Lease(ExclusiveUse use)
    {
        public void Dispose() => use.Leave();
    }
}
