namespace Microsoft.ML.Lstm.Models;

/// <summary>The classes that a model tells apart.</summary>
/// <param name="ClassCount">Number of classes.</param>
/// <param name="Values">What the classes' keys stand for; null if the label did not say.</param>
internal sealed record ModelClasses(int ClassCount, ClassValues? Values)
{
    /// <summary>Name of each class: its key's value, or its number from 1.</summary>
    public IReadOnlyList<string> Names() =>
        Values?.Texts ?? [.. Enumerable.Range(1, ClassCount).Select(key => key.ToString(System.Globalization.CultureInfo.InvariantCulture))];
}
