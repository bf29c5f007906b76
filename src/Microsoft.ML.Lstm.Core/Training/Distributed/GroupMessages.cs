using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>Messages of other kinds than bytes, and of lengths that only their sender knows.</summary>
internal static class GroupMessages
{
    // What an int counts is the most that a message may have.
    private const int Segment = 1 << 30;

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

    /// <summary>Several texts of each process, by rank; a text may hold any character.</summary>
    public static string[][] GatherTexts(this IProcessGroup group, IEnumerable<string> texts)
    {
        // Its length comes before each.
        string[] all = group.Gather(string.Concat(texts.Select(text => Invariant($"{text.Length}:{text}"))));
        return [.. all.Select(one => Texts(one).ToArray())];
    }

    /// <summary>As many values of each process, by rank.</summary>
    public static void GatherValues<T>(this IProcessGroup group, ReadOnlySpan<T> own, Span<T> all)
        where T : unmanaged
    {
        int[] lengths = new int[group.Size];
        Array.Fill(lengths, MemoryMarshal.AsBytes(own).Length);
        group.Gather(MemoryMarshal.AsBytes(own), MemoryMarshal.AsBytes(all), lengths);
    }

    /// <summary>Values of one process, as many as all know of, in every process.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="values">The values; in the other processes they are received into this.</param>
    /// <param name="root">The rank that has them.</param>
    public static void BroadcastValues<T>(this IProcessGroup group, Span<T> values, int root)
        where T : unmanaged
    {
        int most = Segment / Unsafe.SizeOf<T>();
        for (int start = 0; start < values.Length; start += most)
            group.Broadcast(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(most, values.Length - start))), root);
    }

    /// <summary>The first process' bytes, in every process.</summary>
    /// <param name="group">The processes.</param>
    /// <param name="bytes">The first one's; of no matter in the others.</param>
    public static byte[] BroadcastFromFirst(this IProcessGroup group, byte[]? bytes)
    {
        int[] length = [bytes?.Length ?? 0];
        group.Broadcast(MemoryMarshal.AsBytes(length.AsSpan()), root: 0);
        byte[] all = group.Rank == 0 ? bytes! : new byte[length[0]];
        group.BroadcastValues(all.AsSpan(), root: 0);
        return all;
    }

    private static IEnumerable<string> Texts(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int colon = text.IndexOf(':', at), length = int.Parse(text.AsSpan(at, colon - at), NumberStyles.None, CultureInfo.InvariantCulture);
            yield return text.Substring(colon + 1, length);
            at = colon + 1 + length;
        }
    }
}
