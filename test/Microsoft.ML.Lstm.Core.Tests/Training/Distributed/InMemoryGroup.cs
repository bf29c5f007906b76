using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Core.Tests.Training.Distributed;

/// <summary>Processes that are threads of this one: each call waits for that of the others, as MPI's collectives do.</summary>
internal sealed class InMemoryGroup : IProcessGroup
{
    private readonly Hub _hub;

    private InMemoryGroup(Hub hub, int rank) => (_hub, Rank) = (hub, rank);

    public int Rank { get; }

    public int Size => _hub.Slots.Length;

    public string Name => "threads";

    /// <summary>Runs the same in several processes; returns what each came to, or throws what the first of them threw.</summary>
    public static T[] Run<T>(int size, Func<IProcessGroup, T> process) =>
        [.. TryRun(size, process).Select(outcome => outcome.Error is null ? outcome.Result! : throw new AggregateException(outcome.Error))];

    /// <summary>Runs the same in several processes; returns what each came to or threw.</summary>
    public static (T? Result, Exception? Error)[] TryRun<T>(int size, Func<IProcessGroup, T> process)
    {
        var hub = new Hub(size);
        var outcomes = new (T?, Exception?)[size];
        Thread[] threads = [.. Enumerable.Range(0, size).Select(rank => new Thread(() =>
        {
            try
            {
                outcomes[rank] = (process(new InMemoryGroup(hub, rank)), null);
            }
            catch (Exception e)
            {
                outcomes[rank] = (default, e);
            }
        }))];
        foreach (Thread thread in threads)
            thread.Start();
        foreach (Thread thread in threads)
            thread.Join();
        return outcomes;
    }

    public void Exchange(ReadOnlySpan<byte> messages, ReadOnlySpan<int> lengths, Span<byte> received, ReadOnlySpan<int> receivedLengths)
    {
        (byte[] Messages, int[] Lengths)[] all = _hub.Meet(Rank, (messages.ToArray(), lengths.ToArray()));
        int at = 0;
        for (int rank = 0; rank < Size; rank++)
        {
            Assert.Equal(receivedLengths[rank], all[rank].Lengths[Rank]);
            all[rank].Messages.AsSpan(all[rank].Lengths[..Rank].Sum(), all[rank].Lengths[Rank]).CopyTo(received[at..]);
            at += receivedLengths[rank];
        }
    }

    public void Gather(ReadOnlySpan<byte> message, Span<byte> all, ReadOnlySpan<int> lengths)
    {
        (byte[] Messages, int[] Lengths)[] given = _hub.Meet(Rank, (message.ToArray(), lengths.ToArray()));
        int at = 0;
        for (int rank = 0; rank < Size; rank++)
        {
            Assert.Equal(lengths[rank], given[rank].Messages.Length);
            given[rank].Messages.CopyTo(all[at..]);
            at += lengths[rank];
        }
    }

    public void Broadcast(Span<byte> message, int root) => _hub.Meet(Rank, (message.ToArray(), []))[root].Messages.CopyTo(message);

    public void Abort(string message) => _hub.Abort($"process {Rank}: {message}");

    private sealed class Hub(int size)
    {
        private readonly object _gate = new();
        private int _arrived, _round;
        private string? _aborted;
        private (byte[], int[])[] _met = [];

        public (byte[] Messages, int[] Lengths)[] Slots { get; private set; } = new (byte[], int[])[size];

        public (byte[] Messages, int[] Lengths)[] Meet(int rank, (byte[], int[]) given)
        {
            lock (_gate)
            {
                Slots[rank] = given;
                int round = _round;
                if (++_arrived == Slots.Length)
                {
                    (_met, Slots, _arrived) = (Slots, new (byte[], int[])[Slots.Length], 0);
                    _round++;
                    Monitor.PulseAll(_gate);
                }
                while (_round == round && _aborted is null)
                    Monitor.Wait(_gate);
                // All have left the meeting before the next can end, since it takes all of them.
                return _aborted is null || _round != round ? _met : throw new InvalidOperationException($"aborted by {_aborted}");
            }
        }

        public void Abort(string message)
        {
            lock (_gate)
            {
                _aborted ??= message;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
