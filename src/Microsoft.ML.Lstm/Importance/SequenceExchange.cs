namespace Microsoft.ML.Lstm.Importance;

/// <summary>
/// One feature in a block of steps, exchanged among rows: row i is given the values of row π(i), step by step counted from the last. A
/// donor with fewer steps is repeated backwards; a row without a step of the block stays as it is.
/// </summary>
/// <param name="Feature">Which values of a step: their places; null: the token.</param>
/// <param name="FirstStep">First step of the block; 0 is the last of the row.</param>
/// <param name="LastStep">Last step of the block.</param>
/// <param name="Donors">π: the row whose values each row is given.</param>
internal sealed record SequenceExchange(IReadOnlyList<int>? Feature, int FirstStep, int LastStep, int[] Donors)
{
    /// <summary>Overwrites the places of a row.</summary>
    /// <param name="row">The row's number.</param>
    /// <param name="values">Its values: [steps, size].</param>
    /// <param name="all">The values of all rows.</param>
    /// <param name="places">The places within a step.</param>
    /// <param name="size">Values per step.</param>
    public void Apply<T>(int row, Span<T> values, IReadOnlyList<T[]> all, IReadOnlyList<int> places, int size)
    {
        T[] donor = all[Donors[row]];
        int last = (values.Length / size) - 1, donorSteps = donor.Length / size;
        for (int step = Math.Max(0, last + FirstStep); step <= last + LastStep; step++)
        {
            int from = donorSteps - 1 - ((last - step) % donorSteps);
            foreach (int place in places)
                values[(step * size) + place] = donor[(from * size) + place];
        }
    }
}
