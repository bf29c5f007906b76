using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>
/// How many of the values that came lie in their intervals, and whether the series moved more there than in the windows that the intervals were calibrated on: a calibration holds for a future like
/// those alone.
/// </summary>
internal sealed class IntervalCover(IntervalCalibration? calibration)
{
    // What values that are not independent differ by from chance, and what a reader would call the same movement.
    private const double Tolerance = 0.05, SameMovement = 1.2;
    private int _inside, _count, _windows;
    private double _movement;

    /// <summary>Adds a window.</summary>
    /// <param name="values">The series to the end of the window's horizon.</param>
    /// <param name="origin">Rows that were known.</param>
    /// <param name="forecast">The forecast.</param>
    public void Add(ReadOnlySpan<float> values, int origin, SeriesForecast forecast)
    {
        if (forecast.Lower.Length == 0 || !float.IsFinite(values[origin - 1]))
            return;
        WindowLevel level = forecast.Level;
        for (int h = 0; origin + h < values.Length; h++)
        {
            float value = values[origin + h];
            _inside += value >= forecast.Lower[h] && value <= forecast.Upper[h] ? 1 : 0;
            _movement += Math.Abs(level.Distance(value, values[origin + h - 1])) / level.Scale;
            _count++;
        }
        _windows++;
    }

    /// <summary>What to say where the intervals cover less than their level; null if they do not.</summary>
    public string? Notice
    {
        get
        {
            if (calibration is null || _count == 0 || (double)_inside / _count >= calibration.Level - Tolerance)
                return null;
            string of = calibration.WindowCount is { } windows ? Plural.Of(windows, "window") : "windows";
            string covers = Invariant($"The {100 * calibration.Level:G4} % interval covers {100.0 * _inside / _count:F0} % of what came in these {Plural.Of(_windows, "window")}. It was calibrated on {of} held out at the end of the training");
            double ratio = calibration.Movement is > 0 and var moved ? _movement / _count / moved : double.NaN;
            return ratio > SameMovement
                ? Invariant($"{covers}, which were calmer: here the series moves {ratio:F1} times as much from row to row. Expect less than {100 * calibration.Level:G4} % wherever it does.")
                : Invariant($"{covers}, which these are unlike: expect less than {100 * calibration.Level:G4} % of a future like these.");
        }
    }
}
