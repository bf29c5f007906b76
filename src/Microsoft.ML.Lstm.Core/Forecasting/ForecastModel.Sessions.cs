using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Persistence;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

public sealed partial class ForecastModel
{
    private readonly Lazy<string> _fingerprint;

    /// <summary>A hash that tells forecasters apart: saved rows are refused by another forecaster than the one that read them.</summary>
    public string Fingerprint => _fingerprint.Value;

    /// <summary>Begins a series that arrives row by row.</summary>
    /// <param name="series">The name of the series, if it was trained on; another is a series not seen. Null: the one trained on, if there was a single one.</param>
    /// <param name="staticCovariates">Its static covariates: the values of one column after the other. Null: none.</param>
    /// <exception cref="ArgumentException">They are not as many as the forecaster reads.</exception>
    /// <example>
    /// <code>
    /// ForecastSession session = ForecastModel.Load("forecaster.zip").CreateSession();
    /// session.Append(112);
    /// ForecastResult next = session.Forecast(horizon: 1);
    /// </code>
    /// </example>
    public ForecastSession CreateSession(string? series = null, IReadOnlyList<float>? staticCovariates = null)
    {
        float[] statics = [.. staticCovariates ?? []];
        Require(statics.Length == Settings.StaticSize, nameof(staticCovariates), Invariant($"{statics.Length} values"), $"{Settings.StaticSize}");
        return new ForecastSession(this, series ?? (SeriesNames.Count == 1 ? SeriesNames[0] : ""), statics);
    }

    /// <summary>Resumes a series from its saved rows, with the same bits from there on.</summary>
    /// <param name="path">A file of <see cref="ForecastSession.Save(string)"/>. Nothing in it is executed.</param>
    /// <exception cref="InvalidDataException">It is no such file, of another forecaster, broken, or contradicts itself; names the file and says what is wrong.</exception>
    public ForecastSession LoadSession(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileFormat.Load(path, "series", LoadSession);
    }

    /// <summary>Resumes a series from its saved rows.</summary>
    /// <param name="stream">Where from; it stays open.</param>
    /// <exception cref="InvalidDataException">It is no such file, of another forecaster, broken, or contradicts itself; says what is wrong.</exception>
    public ForecastSession LoadSession(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        IReadOnlyList<ForecastSession> sessions = ForecastStateFile.Read(this, stream);
        return sessions.Count == 1 ? sessions[0] : throw new InvalidDataException(Invariant($"It holds {sessions.Count} series; expected 1."));
    }

    internal int TargetIndex(string? target)
    {
        int index = target is null ? 0 : Input.Targets.ToList().IndexOf(target);
        RequireArgument(index >= 0, nameof(target), target, $"one of {string.Join(", ", Input.Targets)}, or null");
        return index;
    }

    internal void RequireLevel(double level)
    {
        RequireArgument(level is > 0 and < 1, "confidenceLevel", level, "more than 0 and less than 1, or null");
        if (Calibration is null)
            throw new InvalidOperationException("The forecaster gives no intervals; expected one that was trained with the columns of bounds, to give them at a confidence level.");
        if (level != Calibration.Level && !Calibration.HasOtherLevels)
            throw new InvalidOperationException(Invariant($"The forecaster's intervals are of level {Calibration.Level} alone, since it was saved without the scores that others need or its horizon is long; expected that."));
    }
}
