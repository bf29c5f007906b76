namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Where the values of windows lie whose series several processes hold. Those of a window come as a message before it is packed, so all
/// processes make the same calls in the same order.
/// </summary>
internal abstract class WindowShare
{
    /// <summary>Brings each process the values of the windows that it is about to pack; those of the time before are dropped.</summary>
    /// <param name="windows">Windows that are spread so.</param>
    /// <param name="examplesFor">The windows for each process, by rank.</param>
    public abstract void Deal(ForecastWindows windows, Func<int, IReadOnlyList<int>> examplesFor);

    /// <summary>The message of a window that was dealt to this process.</summary>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    public abstract ReadOnlySpan<float> Hand(int example);
}
