using System.Text.Json;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>
/// A fitted window as version 1 saved it: scalar series alone, one label series, and the recent rows without their times. It loads for ever.
/// </summary>
/// <param name="Settings">Geometry and columns; the label's series comes beside them.</param>
/// <param name="RecentRows">The latest rows of each series: [rows, F].</param>
internal sealed record SavedWindowVersion1(WindowSettings Settings, IReadOnlyDictionary<string, float[]> RecentRows)
{
    /// <summary>Whether a saved window is of version 1: what its inputs are is not said.</summary>
    public static bool Is(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object && !root.TryGetProperty(nameof(SavedWindow.Inputs), out _)
        && root.TryGetProperty(nameof(Settings), out JsonElement settings) && settings.ValueKind == JsonValueKind.Object;

    /// <summary>Reads it as what is saved today.</summary>
    /// <exception cref="InvalidDataException">A part is null.</exception>
    /// <exception cref="JsonException">A part is of another kind than it should be.</exception>
    public static SavedWindow Read(JsonElement root, JsonSerializerOptions json)
    {
        SavedWindowVersion1 saved = root.Deserialize<SavedWindowVersion1>(json)!;
        if (saved.Settings is null || saved.Settings.InputColumnNames is null || saved.RecentRows is null)
            throw new InvalidDataException("Its Settings, InputColumnNames or RecentRows is null; expected values.");
        string? label = root.GetProperty(nameof(Settings)).TryGetProperty("LabelInputColumnName", out JsonElement name) ? name.GetString() : null;
        return new SavedWindow(
            saved.Settings with { LabelInputColumnNames = label is null ? [] : [label] },
            [.. saved.Settings.InputColumnNames.Select(input => new WindowInput(input, 1, IsVector: false, []))],
            saved.RecentRows.ToDictionary(pair => pair.Key, pair => new RecentSeries(pair.Value, Time: null)));
    }
}
