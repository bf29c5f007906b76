namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// Holds a resource that one caller at a time may use. A second caller is refused, and so is whoever comes after the end; an end that comes while
/// the resource is in use takes effect when that use is over.
/// </summary>
/// <param name="name">The resource's name, for messages.</param>
/// <param name="end">Frees the resource; called once.</param>
internal sealed class ExclusiveUse(string name, Action end) : IDisposable
{
    private const int Idle = 0, InUse = 1, Ending = 2, Ended = 3;
    private int _state;

    /// <summary>Begins a use, which the lease ends.</summary>
    /// <exception cref="ObjectDisposedException">The resource has been disposed of.</exception>
    /// <exception cref="InvalidOperationException">It is in use.</exception>
    public Lease Begin()
    {
        int found = Interlocked.CompareExchange(ref _state, InUse, Idle);
        ObjectDisposedException.ThrowIf(found >= Ending, name);
        return found == Idle ? new Lease(this) : throw new InvalidOperationException(
            name + " is in use by another call; expected one call at a time. It is not thread-safe: take one for each thread.");
    }

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
                end();
            return;
        }
    }

    private void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, InUse) == InUse)
            return;
        Volatile.Write(ref _state, Ended);
        end();
    }

    /// <summary>One use.</summary>
    public readonly ref struct Lease(ExclusiveUse use)
    {
        public void Dispose() => use.Leave();
    }
}
