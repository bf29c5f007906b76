using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Places the rows of a series on a grid of even steps, so that missing rows show. Refuses rows out of order, two of one time, and times between the steps, naming
/// series, rows and times.
/// </summary>
internal sealed class TimeGrid(IExceptionContext context, ForecastInput input, TimeStep? given)
{
    // A typing error in one date must not make a million rows.
    private const int MostMissing = 20;

    /// <summary>The step; null while no series with two rows was seen, or if there is no time column.</summary>
    public TimeStep? Step { get; private set; } = given;

    /// <summary>Finds the step, if it was not given: that of the longest series.</summary>
    public void Infer(IEnumerable<RawSeries> series)
    {
        if (input.Time is null || Step is not null)
            return;
        RawSeries longest = series.MaxBy(s => s.Count)!;
        RequireOrder(longest);
        Step = TimeStep.Infer(CollectionsMarshal.AsSpan(longest.Order)) is { } byOrder && Fits(longest.Order, byOrder) ? byOrder : TimeStep.Infer(CollectionsMarshal.AsSpan(longest.Clock));
    }

    /// <summary>The place of each row on the grid, counted from the first row.</summary>
    public int[] Place(RawSeries series)
    {
        if (input.Time is null || series.Count < 2)
            return [.. Enumerable.Range(0, series.Count)];
        RequireOrder(series);
        TimeStep step = Step ?? throw context.Process(new InvalidOperationException(
            Invariant($"Column '{input.Time}' has a single time in each series; expected at least two in one, or the time step given.")));
        List<DateTime> times = Fits(series.Order, step) ? series.Order : series.Clock;
        int[] places = new int[series.Count];
        for (int i = 1; i < places.Length; i++)
        {
            if (!step.TryCount(times[i - 1], times[i], out int steps) || steps < 1)
                throw Refused(series, i, Invariant($"{Text(series.Clock[i - 1])} in row {series.SourceRows[i - 1]}"), Invariant($"times {step} apart, or several"));
            places[i] = places[i - 1] + steps;
        }
        long missing = places[^1] + 1L - places.Length;
        if (missing > (long)MostMissing * places.Length)
            throw context.Process(new InvalidOperationException(Invariant(
                $"Column '{input.Time}' reaches from {Text(series.Clock[0])} to {Text(series.Clock[^1])}{Of(series)} in {places.Length} rows, so that {missing} rows {step} apart are missing; expected at most {MostMissing} missing for each row. Give the time step, or correct the times.")));
        return places;
    }

    /// <summary>The time on the clock of each row of the grid: those that are missing lie a step after the row before.</summary>
    public DateTime[] Times(RawSeries series, ReadOnlySpan<int> places)
    {
        if (input.Time is null)
            return [];
        DateTime[] times = new DateTime[places[^1] + 1];
        for (int i = 0; i < places.Length; i++)
        {
            times[places[i]] = series.Clock[i];
            for (int missing = places[i] + 1; i + 1 < places.Length && missing < places[i + 1]; missing++)
                times[missing] = Step!.Value.Add(times[missing - 1], 1);
        }
        return times;
    }

    private static bool Fits(List<DateTime> times, TimeStep step)
    {
        for (int i = 1; i < times.Count; i++)
            if (!step.TryCount(times[i - 1], times[i], out int steps) || steps < 1)
                return false;
        return true;
    }

    private void RequireOrder(RawSeries series)
    {
        for (int i = 1; i < series.Count; i++)
            if (series.Order[i] <= series.Order[i - 1])
                throw Refused(series, i, Invariant($"{Text(series.Clock[i - 1])} in row {series.SourceRows[i - 1]}"), series.Order[i] < series.Order[i - 1]
                    ? Invariant($"times in increasing order{(input.Group is null ? "; if the rows are of several series, name the group column" : "")}")
                    : "each time once: DateTimeOffset tells apart the hour that comes twice when the clocks go back");
    }

    private Exception Refused(RawSeries series, int row, string before, string expected) => context.Process(new InvalidOperationException(Invariant(
        $"Column '{input.Time}' has {Text(series.Clock[row])} in row {series.SourceRows[row]}{Of(series)}, after {before}; expected {expected}.")));

    private string Of(RawSeries series) => input.Group is null ? "" : Invariant($" of series '{series.Name}'");

    private static string Text(DateTime time) => Invariant($"{time:yyyy-MM-dd HH:mm:ss}");
}
