using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>Messages of other kinds than bytes, and of lengths that only their sender knows.</summary>
internal static class GroupMessages
{
    /// <summary>The texts of all processes, by rank.</summary>
    public static string[] Gather(this IProcessGroup group, string text)
    {
        byte[] own = Encoding.UTF8.GetBytes(text);
        int[] lengths = new int[group.Size], ends = new int[group.Size];
        group.GatherValues<int>([own.Length], lengths);
        byte[] all = new byte[lengths.Sum()];
        group.Gather(own, all, lengths);
        string[] texts = new string[group.Size];
        for (int rank = 0, start = 0; rank < group.Size; start += lengths[rank++])
            texts[rank] = Encoding.UTF8.GetString(all, start, lengths[rank]);
        return texts;
    }

    /// <summary>As many values of each process, by rank.</summary>
    public static void GatherValues<T>(this IProcessGroup group, ReadOnlySpan<T> own, Span<T> all)
        where T : unmanaged
    {
        int[] lengths = new int[group.Size];
        Array.Fill(lengths, MemoryMarshal.AsBytes(own).Length);
        group.Gather(MemoryMarshal.AsBytes(own), MemoryMarshal.AsBytes(all), lengths);
    }

    /// <summary>The first process' bytes, in every process.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="bytes">The first one's; of no matter in the others.</param>
    public static byte[] BroadcastFromFirst(this IProcessGroup group, byte[]? bytes)
    {
        const int Segment = 1 << 30;
        int[] length = [bytes?.Length ?? 0];
        group.Broadcast(MemoryMarshal.AsBytes(length.AsSpan()), root: 0);
        byte[] all = group.Rank == 0 ? bytes! : new byte[length[0]];
        for (int start = 0; start < all.Length; start += Segment)
            group.Broadcast(all.AsSpan(start, Math.Min(Segment, all.Length - start)), root: 0);
        return all;
    }
}
