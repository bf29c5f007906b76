namespace Microsoft.ML.Lstm.Randomness;

/// <summary>Whose values each example is given when the values of one input are exchanged among the examples at random.</summary>
internal static class Donors
{
    /// <summary>A permutation of the examples; same seed, same permutation.</summary>
    public static int[] Draw(int examples, int seed)
    {
        int[] donors = [.. Enumerable.Range(0, examples)];
        new Random(seed).Shuffle(donors);
        return donors;
    }
}
