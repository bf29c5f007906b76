namespace Microsoft.ML.Lstm.Sequences;

/// <summary>How a <see cref="WindowStore{T}"/> ends.</summary>
/// <param name="LastWindow">First row of the last window.</param>
/// <param name="Rows">The row after the last.</param>
/// <param name="Shift">By how many rows the last windows moved on.</param>
internal readonly record struct WindowStoreEnd(int LastWindow, int Rows, int Shift);
