namespace Microsoft.ML.Lstm.Windowing;

/// <summary>An input column of a window, as it was when the window was fitted. Saved with the model.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Size">Values that a row of it gives to a step.</param>
/// <param name="IsVector">Whether a row of the series is a vector.</param>
/// <param name="SlotNames">Names of those values; empty if they have none.</param>
internal sealed record WindowInput(string Name, int Size, bool IsVector, IReadOnlyList<string> SlotNames)
{
    private const int MostSize = 1 << 20;

    /// <summary>The name of one of the values.</summary>
    public string NameOf(int slot) => !IsVector ? Name
        : slot < SlotNames.Count && SlotNames[slot].Length > 0 ? Invariant($"{Name}.{SlotNames[slot]}")
        : Invariant($"{Name}.{slot}");

    /// <summary>Refuses what no column can be.</summary>
    /// <exception cref="InvalidDataException">Says what was found.</exception>
    public void Validate()
    {
        if (Size is < 1 or > MostSize || (Size > 1 && !IsVector))
            throw new InvalidDataException(Invariant($"An input has {Size} values per row; expected 1 for a scalar, at most {MostSize} for a vector."));
        if (SlotNames is null || SlotNames.Count > Size || SlotNames.Any(n => n is null))
            throw new InvalidDataException(Invariant($"An input of {Size} values has {SlotNames?.Count ?? 0} slot names, or null among them; expected at most {Size}."));
    }
}
