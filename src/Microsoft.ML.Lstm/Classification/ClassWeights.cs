using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Classification;

namespace Microsoft.ML.Lstm;

/// <summary>What the examples of each class count in the loss, so that a frequent class need not drown a rare one.</summary>
[JsonConverter(typeof(ClassWeightsConverter))]
public sealed class ClassWeights
{
    private readonly float[]? _given;

    private ClassWeights(float[]? given) => _given = given;

    /// <summary>All examples count alike.</summary>
    public static ClassWeights Equal { get; } = new(null);

    /// <summary>
    /// Every class counts alike in sum: n / (k·n_c) for each of the n_c examples of a class, where the n examples are of k classes (King and Zeng 2001).
    /// </summary>
    public static ClassWeights Balanced { get; } = new(null);

    /// <summary>A weight for each class: in the order of the keys of a key label; for a Boolean label that of false, then that of true.</summary>
    /// <exception cref="ArgumentException">There is none, one is not finite or negative, or none is positive.</exception>
    public static ClassWeights Of(params IEnumerable<float> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        float[] given = [.. weights];
        foreach (float weight in given)
            if (!(weight >= 0 && float.IsFinite(weight)))
                throw new ArgumentException(Invariant($"A class weight is {weight}; expected 0 or more and finite."), nameof(weights));
        return given.Any(weight => weight > 0)
            ? new ClassWeights(given)
            : throw new ArgumentException(Invariant($"There are {given.Length} class weights, none of them positive; expected one for each class, and at least one above 0."), nameof(weights));
    }

    /// <summary>The weights as they were given; null: they follow from the data.</summary>
    internal float[]? Given => _given;

    internal static Exception Missing(string option) =>
        new ArgumentException(Invariant($"{option} is null; expected {nameof(ClassWeights)}.{nameof(Equal)}, {nameof(Balanced)} or {nameof(Of)}(…)."), option);

    /// <summary>The weights for classes with these numbers of examples; null when all count alike.</summary>
    /// <exception cref="ArgumentException">There are not as many weights as classes; names the column.</exception>
    internal IReadOnlyList<float>? For(ReadOnlySpan<long> counts, string column)
    {
        if (_given is not null)
            return _given.Length == counts.Length ? _given : throw new ArgumentException(
                Invariant($"{nameof(ClassWeights)} has {Plural.Of(_given.Length, "weight")}; expected {counts.Length}, one for each class of column '{column}'."), nameof(ClassWeights));
        if (this != Balanced)
            return null;
        double examples = 0, classes = 0;
        foreach (long count in counts)
            (examples, classes) = (examples + count, classes + (count > 0 ? 1 : 0));
        float[] weights = new float[counts.Length];
        for (int c = 0; c < weights.Length; c++)
            weights[c] = counts[c] > 0 ? (float)(examples / (classes * counts[c])) : 1;
        return weights;
    }
}
