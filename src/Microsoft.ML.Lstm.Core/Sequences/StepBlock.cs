namespace Microsoft.ML.Lstm.Sequences;

/// <summary>Neighbouring steps of a sequence, counted from its last, which is 0; the one before is −1.</summary>
/// <param name="First">The first step of the block.</param>
/// <param name="Last">The last step of the block.</param>
internal readonly record struct StepBlock(int First, int Last)
{
    /// <summary>
    /// Cuts a sequence into blocks of as many steps as possible, the earliest first; into no more blocks than it has steps.
    /// </summary>
    public static IEnumerable<StepBlock> Cut(int length, int blocks)
    {
        int count = Math.Min(blocks, length);
        for (int block = 0; block < count; block++)
            yield return new StepBlock((int)((long)length * block / count) - length + 1,
                (int)((long)length * (block + 1) / count) - length);
    }
}
