using System.Runtime.CompilerServices;

namespace Microsoft.ML.Lstm.Mpi.Tests;

/// <summary>One process of a group that sends messages of unequal lengths, some empty, and looks at each that it receives.</summary>
internal static class MessagesWorker
{
    public static int Run()
    {
        var group = new MpiProcessGroup();
        for (int round = 0; round < 20; round++)
        {
            Exchange(group, round);
            Gather(group, round);
            Broadcast(group, round);
        }
        // A library that takes the runtime's signal handlers away would end the process here.
        Require(CatchesNullReference(), "a null reference is an exception");
        Require(Environment.ProcessorCount > 0 && new MpiProcessGroup().Rank == group.Rank, "a second group is the same");
        Console.Out.WriteLine(Invariant($"process {group.Rank} of {group.Size} over {group.Name}"));
        return 0;
    }

    private static void Exchange(MpiProcessGroup group, int round)
    {
        int[] lengths = [.. Enumerable.Range(0, group.Size).Select(to => Length(group.Rank, to, round))];
        int[] received = [.. Enumerable.Range(0, group.Size).Select(from => Length(from, group.Rank, round))];
        byte[] messages = [.. Enumerable.Range(0, group.Size).SelectMany(to => Enumerable.Repeat(Mark(group.Rank, to), lengths[to]))];
        byte[] expected = [.. Enumerable.Range(0, group.Size).SelectMany(from => Enumerable.Repeat(Mark(from, group.Rank), received[from]))];
        byte[] found = new byte[expected.Length];
        group.Exchange(messages, lengths, found, received);
        Require(found.AsSpan().SequenceEqual(expected), "Exchange");
    }

    private static void Gather(MpiProcessGroup group, int round)
    {
        int[] lengths = [.. Enumerable.Range(0, group.Size).Select(from => Length(from, 0, round))];
        byte[] expected = [.. Enumerable.Range(0, group.Size).SelectMany(from => Enumerable.Repeat(Mark(from, 7), lengths[from]))];
        byte[] found = new byte[expected.Length];
        group.Gather([.. Enumerable.Repeat(Mark(group.Rank, 7), lengths[group.Rank])], found, lengths);
        Require(found.AsSpan().SequenceEqual(expected), "Gather");
    }

    private static void Broadcast(MpiProcessGroup group, int round)
    {
        int root = round % group.Size;
        byte[] message = [.. Enumerable.Repeat(Mark(group.Rank, 3), 1 + (1000 * round))];
        group.Broadcast(message, root);
        Require(message.All(value => value == Mark(root, 3)), "Broadcast");
    }

    // From none to a message that no library sends at once.
    private static int Length(int from, int to, int round) => ((from * 7) + (to * 3) + round) % 5 * (round % 2 == 0 ? 1 : 30_011);

    private static byte Mark(int from, int to) => (byte)((from * 16) + to + 1);

    private static bool CatchesNullReference()
    {
        try
        {
            return LengthOf(null!) < 0;
        }
        catch (NullReferenceException)
        {
            return true;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(string text) => text.Length;

    private static void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidOperationException(what);
    }
}
