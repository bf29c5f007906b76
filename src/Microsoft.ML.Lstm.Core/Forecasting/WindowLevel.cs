namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>What a window is taken relative to: with m the channel's measure (<see cref="ChannelUnit"/>), (m(y) − level) / scale.</summary>
/// <param name="Level">The measure of its last known value; NaN if it has none.</param>
/// <param name="Scale">Its unit; positive.</param>
/// <param name="Unit">The channel's.</param>
internal readonly record struct WindowLevel(float Level, float Scale, ChannelUnit Unit)
{
    /// <summary>A normalised value in its own unit.</summary>
    public float Undo(float value) => (float)Unit.Restored(Level + ((double)Scale * value));

    /// <summary>How far a value lies above another, as the channel measures them.</summary>
    public double Distance(float value, float other) => (double)Unit.Measured(value) - Unit.Measured(other);

    /// <summary>The value that lies so far above another.</summary>
    public double Above(float value, double distance) => Unit.Restored(Unit.Measured(value) + distance);
}
