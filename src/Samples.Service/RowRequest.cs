namespace Samples.Service;

/// <summary>The next value of a device.</summary>
/// <param name="Value">The value; null is a missing one.</param>
/// <param name="Time">When it is from; null: a step after the value before.</param>
public sealed record RowRequest(float? Value, DateTime? Time = null);
