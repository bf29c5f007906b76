using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm;

public sealed partial class ForecastModel
{
    /// <summary>Opens a forecaster: a .zip that ML.NET saved, or a .safetensors of <see cref="Save(string)"/>. Nothing in it is executed.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">Which of several forecasters in one .zip: the name of its entry or of a folder of it. Null: the only one.</param>
    /// <exception cref="InvalidDataException">It is no such file, broken, or contradicts itself; names the file and says what is wrong.</exception>
    /// <exception cref="ArgumentException">It holds several forecasters, or none of that name; says which there are.</exception>
    public static ForecastModel Load(string path, string? name = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileFormat.Load(path, "forecaster", stream => ModelArchive.Read(stream, name, ForecastFile.EntryName, ForecastFile.Read));
    }

    /// <summary>Saves the forecaster as one .safetensors file, which is there whole or not at all.</summary>
    /// <param name="path">Where to.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, stream => ForecastFile.Write(this, stream));
    }

    /// <summary>Forecasts the next values of a series from its past alone; for forecasters of one target without covariates.</summary>
    /// <param name="history">The past, the latest value last; NaN is a missing value. More than <see cref="WindowLength"/> values are not read.</param>
    /// <param name="series">The name of the series, if it was trained on; another, or null, is a series not seen.</param>
    /// <param name="lastTime">When the latest value is from; needed exactly when the forecaster reads the calendar.</param>
    /// <param name="horizon">Steps to forecast; null: <see cref="Horizon"/>. More than that only where <see cref="IsVariableHorizon"/>, by feeding the medians back.</param>
    /// <param name="samplePaths">Number of paths to draw that the series may take: what is forecast plus what it was wrong by on a window held out in training, drawn at random. Range: 0 to 100,000.</param>
    /// <param name="seed">Random seed of the paths: same seed, same paths.</param>
    /// <exception cref="ArgumentException">There is no known value, or an argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The forecaster has several targets or covariates, or reads the calendar and is given no time.</exception>
    public ForecastResult Forecast(
        ReadOnlySpan<float> history, string? series = null, DateTime? lastTime = null, int? horizon = null, int samplePaths = 0, int seed = 0)
    {
        if (Settings.TargetCount != 1 || Settings.PastSize + Settings.FutureSize + Settings.StaticSize > 0)
            throw new InvalidOperationException("The forecaster has several targets or covariates; expected one target and none, to forecast from its past alone. Transform takes rows with all columns.");
        if (Settings.Calendar != CalendarFeatures.None && lastTime is null)
            throw new InvalidOperationException(Invariant($"The forecaster reads the calendar ({Settings.Calendar}), and no time is given; expected when the latest value is from."));
        float[] window = history[Math.Max(0, history.Length - WindowLength)..].ToArray();
        if (!Array.Exists(window, float.IsFinite))
            throw new ArgumentException("The history has no known value; expected at least one.", nameof(history));
        // A missing value at the end is a step that has passed.
        int known = Array.FindLastIndex(window, float.IsFinite) + 1;
        var data = new SeriesData { Name = series ?? (SeriesNames.Count == 1 ? SeriesNames[0] : ""), Times = TimesBefore(lastTime, window.Length), Targets = [window], Past = [], Future = [], Statics = [] };
        return Forecast(data, target: 0, known, horizon ?? Horizon, samplePaths, seed);
    }

    private DateTime[] TimesBefore(DateTime? last, int count)
    {
        if (Settings.Calendar == CalendarFeatures.None || Settings.Step is not { } step)
            return [];
        var times = new DateTime[count];
        for (int i = 0; i < count; i++)
            times[i] = step.Subtract(last!.Value, count - 1 - i);
        return times;
    }
}
