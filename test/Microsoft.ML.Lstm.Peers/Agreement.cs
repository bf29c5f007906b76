namespace Microsoft.ML.Lstm.Peers;

/// <summary>Whether the sides of a contest compute the same; what differs would be compared with something else.</summary>
internal static class Agreement
{
    /// <summary>The most that outputs may differ by, relative to the largest: losses and scores are float32 sums in other orders.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>The same where a GPU takes part, whose sums are in yet another order: what the engine is held to.</summary>
    private const double GpuTolerance = 1e-4;

    /// <summary>The largest difference from the first side.</summary>
    /// <param name="contest">The sides.</param>
    /// <param name="onGpu">Whether some compute on a GPU.</param>
    /// <exception cref="InvalidOperationException">It is beyond the tolerance; names the side.</exception>
    public static double Check(Contest contest, bool onGpu)
    {
        double tolerance = onGpu ? GpuTolerance : Tolerance;
        float[] ours = [.. contest.Sides[0].Outputs()];
        double scale = Math.Max(ours.Max(Math.Abs), 1e-6), largest = 0;
        foreach (ISide side in contest.Sides.Skip(1))
        {
            float[] theirs = side.Outputs();
            if (theirs.Length != ours.Length)
                throw new InvalidOperationException(Invariant($"{side.Name} gives {theirs.Length} values; expected {ours.Length}."));
            double difference = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max() / scale;
            if (!(difference <= tolerance))
                throw new InvalidOperationException(Invariant($"{side.Name} differs by {difference:G3} of the largest value; expected at most {tolerance}. Its first value is {theirs[0]}, ours {ours[0]}."));
            largest = Math.Max(largest, difference);
        }
        return largest;
    }
}
