using System.Collections;

namespace Microsoft.ML.Lstm.Search;

/// <summary>A setting as text, under every culture the same.</summary>
internal static class SettingText
{
    /// <summary>The text of a value; of a list, that of its items.</summary>
    public static string Of(object? value) => value switch
    {
        null => "auto",
        string text => text,
        IEnumerable items => Invariant($"[{string.Join(", ", items.Cast<object?>().Select(Of))}]"),
        _ => Invariant($"{value}"),
    };

    /// <summary>Settings in one line.</summary>
    public static string Of(IReadOnlyDictionary<string, string> settings) =>
        settings.Count == 0 ? "as given" : string.Join(", ", settings.Select(one => Invariant($"{one.Key} {one.Value}")));
}
