using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.Lstm.Threading;

/// <summary>
/// Scratch that is not in use, for whoever comes next. One caller after the other allocates nothing; beside others, what is put back costs a node. Belongs to the
/// model alone, so that it goes with it. Thread-safe.
/// </summary>
internal sealed class ScratchStack<T>
    where T : class
{
    private readonly ConcurrentStack<T> _others = [];
    private T? _first;

    /// <summary>Takes one out; false if there is none.</summary>
    public bool TryPop([NotNullWhen(true)] out T? scratch)
    {
        scratch = Interlocked.Exchange(ref _first, null);
        return scratch is not null || _others.TryPop(out scratch);
    }

    /// <summary>Puts one back.</summary>
    public void Push(T scratch)
    {
        if (Interlocked.CompareExchange(ref _first, scratch, null) is not null)
            _others.Push(scratch);
    }
}
