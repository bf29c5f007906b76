using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm;

public sealed partial class ForecastSession
{
    /// <summary>
    /// Saves the rows held, without the forecaster, as one .safetensors file, which is there whole or not at all. <see cref="ForecastModel.LoadSession(string)"/> resumes from it with the same bits.
    /// </summary>
    /// <param name="path">Where to.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Save);
    }

    /// <summary>Saves the rows held, without the forecaster.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ForecastStateFile.Write(Model, [this], stream);
    }

    internal float[] ExportRows() => _rows.Values.ToArray();

    internal float[] ExportStatics() => _statics;

    internal IEnumerable<long> ExportTimes() => _rows.Times.ToArray().Select(time => time.Ticks);

    internal long ExportOrder() => _order?.Ticks ?? 0;
}
