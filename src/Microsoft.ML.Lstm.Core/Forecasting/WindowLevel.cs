namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>What a window is taken relative to: (x − level) / scale.</summary>
/// <param name="Level">Its last known value; NaN if it has none.</param>
/// <param name="Scale">Its unit; positive.</param>
internal readonly record struct WindowLevel(float Level, float Scale)
{
    /// <summary>A normalised value in its own unit.</summary>
    public float Undo(float value) => (float)(Level + ((double)Scale * value));
}
