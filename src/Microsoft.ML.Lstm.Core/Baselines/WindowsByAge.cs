namespace Microsoft.ML.Lstm.Baselines;

/// <summary>The windows of several series as those of one: the oldest first, as long before the end of its own series as a window is.</summary>
internal sealed class WindowsByAge : IRegressionWindows
{
    private readonly IReadOnlyList<LevelFreeWindows> _series;
    private readonly (int Series, int Window)[] _places;

    /// <summary>Orders the windows.</summary>
    public WindowsByAge(IReadOnlyList<LevelFreeWindows> series)
    {
        _series = series;
        _places = [.. Enumerable.Range(0, series.Count)
            .SelectMany(one => Enumerable.Range(0, series[one].Count).Select(window => (one, window)))
            .OrderByDescending(place => series[place.one].AgeOf(place.window))];
        Gap = Enumerable.Range(0, series.Count).Count(one => series[one].Count > 0);
    }

    /// <summary>By how many places windows of one series are apart at most that follow each other.</summary>
    public int Gap { get; }

    /// <inheritdoc/>
    public int Count => _places.Length;

    /// <inheritdoc/>
    public void Fill(int window, Span<float> x, Span<float> y) => _series[_places[window].Series].Fill(_places[window].Window, x, y);
}
