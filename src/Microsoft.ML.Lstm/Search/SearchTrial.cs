namespace Microsoft.ML.Lstm;

/// <summary>One trial of a search: the values that it tries.</summary>
public sealed class SearchTrial
{
    private readonly IReadOnlyDictionary<string, object?> _values;

    internal SearchTrial(int number, IReadOnlyDictionary<string, object?> values, IReadOnlyDictionary<string, string> settings) =>
        (Number, _values, Settings) = (number, values, settings);

    /// <summary>Its number: 0 is that of the options as they were given.</summary>
    public int Number { get; }

    /// <summary>
    /// The values as text, by the names of the hyperparameters; trial 0 has those alone that its options have no place for.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>A value of a hyperparameter that the options have no place for, such as the length of windows.</summary>
    /// <typeparam name="T">Type of the values, as they were added to the space.</typeparam>
    /// <param name="name">The hyperparameter.</param>
    /// <exception cref="ArgumentException">There is none of that name, or it is of another type.</exception>
    public T Get<T>(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string all = _values.Count == 0 ? "there is none" : string.Join(", ", _values.Keys);
        if (!_values.TryGetValue(name, out object? value))
            throw new ArgumentException(
                Invariant($"The hyperparameter is '{name}'; expected one that the options have no place for: {all}."), nameof(name));
        return value is T typed ? typed : throw new ArgumentException(
            Invariant($"The hyperparameter '{name}' is of type {value?.GetType().Name ?? "null"}; expected {typeof(T).Name}."), nameof(name));
    }
}
