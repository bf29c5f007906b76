using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Forecasts beyond the horizon that was trained for: a horizon's forecasts, the medians, are fed back as if they had come, and the next horizon is forecast from there. The bounds' distances from the
/// median add up as independent errors do: the square of a step's distance is that of the last step fed back plus its own.
/// </summary>
/// <param name="model">The forecaster.</param>
/// <param name="series">The series.</param>
/// <param name="unitOf">The unit of a series' target.</param>
/// <param name="confidenceLevel">The level of the intervals; null: that of the training.</param>
internal sealed class RecursiveForecast(ForecastModel model, IReadOnlyList<SeriesData> series, Func<int, int, ChannelUnit> unitOf, double? confidenceLevel)
{
    /// <summary>Extends forecasts of the trained horizon.</summary>
    /// <param name="windows">Which series, which target, and how many rows are known.</param>
    /// <param name="forecasts">The forecast of each; from there on NaN where covariates of the future end.</param>
    /// <param name="horizon">Steps wanted.</param>
    public void Extend(ReadOnlySpan<(int Series, int Target, int Origin)> windows, Span<SeriesForecast> forecasts, int horizon)
    {
        var continued = new ForecastContinued[windows.Length];
        for (int i = 0; i < windows.Length; i++)
        {
            continued[i] = new ForecastContinued(model, series[windows[i].Series], windows[i].Target, windows[i].Origin);
            forecasts[i] = Widened(forecasts[i], horizon);
        }
        for (int done = model.Horizon; done < horizon; done += model.Horizon)
        {
            for (int i = 0; i < windows.Length; i++)
                continued[i].Append(forecasts[i].Values.AsSpan(done - model.Horizon, model.Horizon));
            SeriesForecast?[] next = Next(windows, continued);
            for (int i = 0; i < windows.Length; i++)
                if (next[i] is { } found)
                    Join(forecasts[i], found, done);
        }
    }

    /// <summary>Draws paths that a series may take: what was forecast plus what it was wrong by on held-out windows; beyond the horizon each path is fed back by itself.</summary>
    /// <param name="window">Which series, which target, and how many rows are known.</param>
    /// <param name="first">The forecast of the trained horizon.</param>
    /// <param name="horizon">Steps of a path.</param>
    /// <param name="count">Number of paths.</param>
    /// <param name="seed">The same seed draws the same paths.</param>
    public float[][] Draw((int Series, int Target, int Origin) window, SeriesForecast first, int horizon, int count, int seed)
    {
        ResidualPaths residuals = model.Residuals!;
        var random = new RandomStream(seed, "sample paths");
        float[][] paths = [.. Enumerable.Range(0, count).Select(_ => new float[horizon])];
        (int, int, int)[] windows = [.. Enumerable.Repeat(window, count)];
        ForecastContinued[] continued = [.. windows.Select(_ => new ForecastContinued(model, series[window.Series], window.Target, window.Origin))];
        SeriesForecast?[] forecasts = [.. Enumerable.Repeat((SeriesForecast?)first, count)];
        for (int done = 0; done < horizon; done += model.Horizon)
        {
            if (done > 0)
                forecasts = Next(windows, continued);
            for (int path = 0; path < count; path++)
            {
                int index = random.NextInt(residuals.Count);
                float[] drawn = forecasts[path] is { } forecast ? residuals.Path(index, forecast) : [.. Enumerable.Repeat(float.NaN, model.Horizon)];
                drawn.AsSpan(0, Math.Min(model.Horizon, horizon - done)).CopyTo(paths[path].AsSpan(done));
                continued[path].Append(drawn);
            }
        }
        return paths;
    }

    // Null where covariates of the future end.
    private SeriesForecast?[] Next(ReadOnlySpan<(int Series, int Target, int Origin)> windows, ForecastContinued[] continued)
    {
        int targets = model.Settings.TargetCount;
        int[] known = [.. Enumerable.Range(0, continued.Length).Where(i => continued[i].IsKnown)];
        var asked = new (int, int, int)[known.Length];
        var units = new ChannelUnit[known.Length * targets];
        for (int i = 0; i < known.Length; i++)
        {
            asked[i] = (i, windows[known[i]].Target, continued[known[i]].Origin);
            units.AsSpan(i * targets, targets).Fill(unitOf(windows[known[i]].Series, windows[known[i]].Target));
        }
        var found = new SeriesForecast[known.Length];
        new ForecastPredictor(model, [.. known.Select(i => continued[i].ToSeries())], units) { ConfidenceLevel = confidenceLevel }.Forecast(asked, found);
        var next = new SeriesForecast?[continued.Length];
        for (int i = 0; i < known.Length; i++)
            next[known[i]] = found[i];
        return next;
    }

    private static SeriesForecast Widened(SeriesForecast forecast, int horizon)
    {
        return forecast with { Values = Widen(forecast.Values), Lower = Widen(forecast.Lower), Upper = Widen(forecast.Upper) };

        float[] Widen(float[] values)
        {
            float[] wide = new float[values.Length == 0 ? 0 : horizon];
            values.CopyTo(wide, 0);
            Array.Fill(wide, float.NaN, Math.Min(values.Length, wide.Length), Math.Max(0, wide.Length - values.Length));
            return wide;
        }
    }

    private static void Join(SeriesForecast forecast, SeriesForecast next, int done)
    {
        int count = Math.Min(next.Values.Length, forecast.Values.Length - done);
        next.Values.AsSpan(0, count).CopyTo(forecast.Values.AsSpan(done));
        if (forecast.Lower.Length == 0)
            return;
        WindowLevel level = forecast.Level;
        double below = level.Distance(forecast.Values[done - 1], forecast.Lower[done - 1]);
        double above = level.Distance(forecast.Upper[done - 1], forecast.Values[done - 1]);
        for (int h = 0; h < count; h++)
        {
            float value = next.Values[h];
            forecast.Lower[done + h] = (float)level.Above(value, -Length(below, level.Distance(value, next.Lower[h])));
            forecast.Upper[done + h] = (float)level.Above(value, Length(above, level.Distance(next.Upper[h], value)));
        }
    }

    private static double Length(double a, double b) => Math.Sqrt((a * a) + (b * b));
}
