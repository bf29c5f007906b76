namespace Microsoft.ML.Lstm.Search;

/// <summary>One hyperparameter of a space.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">The values to try.</param>
/// <param name="Set">Puts the value of a place in <paramref name="Values"/> into the options; null: the options have no place for
/// it.</param>
internal sealed record Hyperparameter<TOptions>(string Name, IReadOnlyList<object?> Values, Action<TOptions, int>? Set)
{
    /// <summary>A value as trials name it.</summary>
    public string TextOf(int place) => SettingText.Of(Values[place]);
}
