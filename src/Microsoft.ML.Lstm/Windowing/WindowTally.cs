using System.Text;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Counts the windows that were left out while a cursor read all rows, and says so.</summary>
internal sealed class WindowTally(WindowColumns columns, GroupReader groups)
{
    private const int MostNamed = 3;
    private readonly WindowSettings _settings = columns.Settings;
    private long _expected, _made, _missing, _holes;
    private string _firstHole = "", _firstMissing = "";

    /// <summary>Counts a hole between two rows of a series.</summary>
    public void Hole(string where)
    {
        if (_holes++ == 0)
            _firstHole = where;
    }

    /// <summary>Remembers the first missing value.</summary>
    public void Missing(string what)
    {
        if (_firstMissing.Length == 0)
            _firstMissing = what;
    }

    /// <summary>Counts what the latest row of a series completes.</summary>
    /// <returns>Whether it completes a window that is not left out.</returns>
    public bool Completes(SlidingSeries series)
    {
        if (series.IsCompleteDespiteHoles)
            _expected++;
        if (!series.IsCompleted)
            return false;
        if (_settings.MissingValues == MissingInWindow.Skip && series.HasMissing)
        {
            _missing++;
            return false;
        }
        _made++;
        series.Windows++;
        return true;
    }

    /// <summary>Refuses series of which none gave a window: a mistake in the geometry or the time step.</summary>
    /// <exception cref="InvalidOperationException">Names the column, the longest series and what was expected.</exception>
    public void RequireAny(IReadOnlyList<SlidingSeries> series)
    {
        if (_made > 0 || series.Count == 0)
            return;
        long longest = series.Max(s => s.Inputs.Count);
        string column = _settings.InputColumnNames[0];
        throw columns.Host.Process(new InvalidOperationException(longest < _settings.Span
            ? Invariant($"The longest series of column '{column}' has {Plural.Of(longest, "row")}; expected at least {_settings.Span}, {Geometry}.")
            : Invariant($"No window of column '{column}' is complete{Reasons}; expected {_settings.Span} rows in a row, {Geometry}.{Advice}")));
    }

    /// <summary>Says once how many windows were left out, and which series gave none.</summary>
    public void Report(IReadOnlyList<SlidingSeries> series)
    {
        int[] without = [.. Enumerable.Range(0, series.Count).Where(i => series[i].Windows == 0)];
        if (without.Length == 0 && _holes == 0 && _missing == 0)
            return;
        using IChannel channel = columns.Host.Start("Windowing");
        if (_holes > 0)
            channel.Warning(MessageSensitivity.Schema, Invariant(
                $"Column '{_settings.TimeColumnName}' has {Count(_holes, "hole")}, the first {_firstHole}, at a step of {_settings.Spacing?.Name}. {Count(Math.Max(0, _expected - _made - _missing), "window")} across them left out."));
        if (_missing > 0)
            channel.Warning(MessageSensitivity.Schema, Invariant(
                $"{Count(_missing, "window")} with missing values left out of {_made + _missing}; the first such value: {_firstMissing}."));
        if (without.Length > 0)
            channel.Warning(MessageSensitivity.UserData, Invariant(
                $"{without.Length} of {series.Count} series gave no window, which takes {_settings.Span} rows, {Geometry}: {Named(without, series)}."));
    }

    private string Geometry => _settings.Horizon == 0 ? "the window length"
        : Invariant($"the window length ({_settings.WindowLength}) plus horizon ({_settings.Horizon})");

    private string Reasons => (_holes > 0 ? Invariant($", with {Count(_holes, "hole")} in column '{_settings.TimeColumnName}', the first {_firstHole}") : "")
        + (_firstMissing.Length > 0 ? Invariant($", with missing values, the first: {_firstMissing}") : "");

    private string Advice => _holes == 0 ? "" : Invariant(
        $" The step is {_settings.Spacing?.Name}; timeStep can set another (TimeStep.Weekdays), or allowHoles let windows cross holes where they mean nothing, such as holidays.");

    private string Named(int[] without, IReadOnlyList<SlidingSeries> series)
    {
        var text = new StringBuilder();
        foreach (int i in without.Take(MostNamed))
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(text.Length > 0 ? ", " : "")}'{groups.NameOf(i)}' ({Count(series[i].Inputs.Count, "row")})");
        return without.Length > MostNamed ? text.Append(", …").ToString() : text.ToString();
    }

    private static string Count(long count, string what) => Invariant($"{count} {what}{(count == 1 ? "" : "s")}");
}
