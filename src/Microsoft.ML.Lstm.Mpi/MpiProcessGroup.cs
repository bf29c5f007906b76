using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Mpi;

/// <summary>
/// All processes that an MPI launcher has started (<c>mpirun</c>, <c>mpiexec</c>, <c>srun</c>). MPI is started when the first group is made and ended when
/// the process exits; a process that exits with another code than 0 ends all, rather than have the others wait for it.
/// <para>Without a launcher it is a group of one.</para>
/// </summary>
/// <example><code>
/// var group = new MpiProcessGroup();
/// if (group.Rank == 0)
///     ml.Model.Save(model, data.Schema, "model.zip");
/// </code></example>
public sealed class MpiProcessGroup : IProcessGroup
{
    private readonly MpiSession _session;
    private readonly int[] _starts, _receivedStarts;

    /// <summary>Starts MPI, unless that is done.</summary>
    /// <exception cref="DllNotFoundException">No MPI library is found; says what to install.</exception>
    /// <exception cref="InvalidOperationException">The library is of another MPI than the launcher, or MPI has been ended.</exception>
    public MpiProcessGroup()
    {
        _session = MpiSession.Current;
        (_starts, _receivedStarts) = (new int[Size], new int[Size]);
    }

    /// <inheritdoc/>
    public int Rank => _session.Rank;

    /// <inheritdoc/>
    public int Size => _session.Size;

    /// <inheritdoc/>
    public string Name => _session.Name;

    /// <inheritdoc/>
    public void Exchange(ReadOnlySpan<byte> messages, ReadOnlySpan<int> lengths, Span<byte> received, ReadOnlySpan<int> receivedLengths)
    {
        Lay(lengths, _starts);
        Lay(receivedLengths, _receivedStarts);
        using MpiSession.Call call = _session.Begin();
        call.Library.Exchange(messages, lengths, _starts, received, receivedLengths, _receivedStarts);
    }

    /// <inheritdoc/>
    public void Gather(ReadOnlySpan<byte> message, Span<byte> all, ReadOnlySpan<int> lengths)
    {
        Lay(lengths, _starts);
        using MpiSession.Call call = _session.Begin();
        call.Library.Gather(message, all, lengths, _starts);
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> message, int root)
    {
        using MpiSession.Call call = _session.Begin();
        call.Library.Broadcast(message, root);
    }

    /// <inheritdoc/>
    public void Abort(string message) => _session.Abort(message);

    // MPI counts in ints.
    private static void Lay(ReadOnlySpan<int> lengths, int[] starts)
    {
        long at = 0;
        for (int rank = 0; rank < lengths.Length; rank++)
        {
            starts[rank] = at <= int.MaxValue ? (int)at
                : throw new ArgumentException(Invariant($"The messages are over {int.MaxValue} bytes together; expected at most that many."), nameof(lengths));
            at += lengths[rank];
        }
    }
}
