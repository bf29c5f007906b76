using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// How a saved network's matrices are stored once it is loaded, in a file's metadata. The file's own weights are floats, rounded or not, so that a library that does not know the key
/// loads the same network in single precision, which has the same bits.
/// </summary>
internal static class SavedPrecision
{
    private const string Key = "precision";

    /// <summary>Says it, where it is not single precision.</summary>
    public static void Write(IDictionary<string, string> metadata, WeightPrecision precision)
    {
        if (precision != WeightPrecision.Single)
            metadata[Key] = precision.ToString();
    }

    /// <summary>Reads it; single precision where nothing is said.</summary>
    /// <exception cref="InvalidDataException">It is none that there is.</exception>
    public static WeightPrecision Read(IReadOnlyDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue(Key, out string? text))
            return WeightPrecision.Single;
        return Enum.GetValues<WeightPrecision>().Where(precision => precision.ToString() == text).Cast<WeightPrecision?>().FirstOrDefault()
            ?? throw new InvalidDataException(Invariant($"The model's '{Key}' is '{Excerpt.Of(text)}'; expected {Guard.OneOf<WeightPrecision>()}."));
    }
}
