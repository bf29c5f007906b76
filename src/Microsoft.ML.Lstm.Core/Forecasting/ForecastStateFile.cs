using System.Text.Json;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// The latest rows of series as one safetensors file: <c>rows</c> [rows of all series, width], <c>times</c> [rows] and <c>order</c> [series] in ticks where rows have times, <c>counts</c> [series],
/// <c>statics</c> [series, static covariates]; names, and the fingerprint of the forecaster that they are read by, in the metadata.
/// </summary>
internal static class ForecastStateFile
{
    /// <summary>Name of the entry in a model .zip.</summary>
    public const string EntryName = "Series.safetensors";
    private const string ModelKey = "model", NamesKey = "series", Rows = "rows", Times = "times", Order = "order", Counts = "counts", Statics = "statics";
    private static readonly FileFormat s_format = new("microsoft.ml.lstm.forecast-state", 1);

    /// <summary>Writes sessions of one forecaster.</summary>
    public static void Write(ForecastModel model, IReadOnlyList<ForecastSession> sessions, Stream stream)
    {
        var file = new SafetensorsWriter();
        s_format.WriteTo(file);
        file.Metadata[ModelKey] = model.Fingerprint;
        file.Metadata[NamesKey] = JsonSerializer.Serialize([.. sessions.Select(session => session.Series)], ForecastJson.Default.StringArray);
        int width = ForecastSession.WidthOf(model), rows = checked(sessions.Sum(session => session.RowCount));
        file.Add<int>(Counts, [sessions.Count], sessions.Select(session => session.RowCount).ToArray());
        file.Add<float>(Rows, [rows, width], sessions.SelectMany(session => session.ExportRows()).ToArray());
        file.Add<float>(Statics, [sessions.Count, model.Settings.StaticSize], sessions.SelectMany(session => session.ExportStatics()).ToArray());
        if (model.Settings.Step is not null)
        {
            file.Add<long>(Times, [rows], sessions.SelectMany(session => session.ExportTimes()).ToArray());
            file.Add<long>(Order, [sessions.Count], sessions.Select(session => session.ExportOrder()).ToArray());
        }
        file.Write(stream);
    }

    /// <summary>Reads sessions, and checks them as a whole before any is made.</summary>
    /// <exception cref="InvalidDataException">It is no such file, of another forecaster, broken, or contradicts itself; says what was found.</exception>
    public static IReadOnlyList<ForecastSession> Read(ForecastModel model, Stream stream)
    {
        SafetensorsReader file = SafetensorsReader.ReadHeader(stream);
        s_format.Require(file.Metadata);
        if (!file.Metadata.ContainsKey(SafetensorsChecksum.Key))
            throw new InvalidDataException("The rows have no checksum; expected one, which they are always written with.");
        string found = file.Metadata.GetValueOrDefault(ModelKey, "none");
        if (found != model.Fingerprint)
            throw new InvalidDataException(Invariant($"The rows are of a forecaster with the fingerprint '{Excerpt.Of(found)}'; expected {model.Fingerprint}, that of this one."));
        string?[] names = MetadataJson.Read(file.Metadata, NamesKey, ForecastJson.Default.StringArray);
        bool hasTimes = model.Settings.Step is not null;
        int width = ForecastSession.WidthOf(model), count = names.Length;
        if (names.Any(name => name is null) || names.Distinct().Count() != count)
            throw new InvalidDataException("A series of the rows has no name, or the name of another; expected each once.");
        file.Require(Counts, SafetensorsType.I32, count);
        file.Require(Statics, SafetensorsType.F32, count, model.Settings.StaticSize);
        file.Require(Rows, SafetensorsType.F32);
        if (file.Shape(Rows) is not [int rows, int columns] || columns != width || rows > (long)count * model.WindowLength)
            throw new InvalidDataException(Invariant($"The rows are of shape {Excerpt.Of(file.Shape(Rows))}; expected {width} values in each, of at most {model.WindowLength} rows for each of {count} series."));
        if (hasTimes)
        {
            file.Require(Times, SafetensorsType.I64, rows);
            file.Require(Order, SafetensorsType.I64, count);
        }
        file.RequireOnly(name => name is Counts or Statics or Rows || (hasTimes && name is Times or Order), "those of the rows alone");
        file.ReadValues(stream);
        return Sessions(model, file, names!, rows);
    }

    private static List<ForecastSession> Sessions(ForecastModel model, SafetensorsReader file, string[] names, int rows)
    {
        ReadOnlySpan<int> counts = file.Values<int>(Counts);
        long all = 0;
        foreach (int count in counts)
            all += count < 0 || count > model.WindowLength
                ? throw new InvalidDataException(Invariant($"A series has {count} rows; expected 0 to {model.WindowLength}, the forecaster's window."))
                : count;
        if (all != rows)
            throw new InvalidDataException(Invariant($"The series have {all} rows together; expected {rows}."));
        var sessions = new List<ForecastSession>(names.Length);
        for (int series = 0, first = 0; series < names.Length; first += counts[series++])
            sessions.Add(Session(model, file, names[series], series, first, counts[series]));
        return sessions;
    }

    private static ForecastSession Session(ForecastModel model, SafetensorsReader file, string name, int series, int first, int count)
    {
        int width = ForecastSession.WidthOf(model), statics = model.Settings.StaticSize;
        bool hasTimes = model.Settings.Step is not null;
        var window = new SeriesWindow(width, model.WindowLength, hasTimes);
        DateTime last = DateTime.MinValue;
        for (int row = first; row < first + count; row++)
        {
            DateTime time = hasTimes ? Time(file.Values<long>(Times)[row]) : default;
            if (hasTimes && row > first && time < last)
                throw new InvalidDataException(Invariant($"The times of series '{Excerpt.Of(name)}' go back; expected increasing ones."));
            last = time;
            file.Values<float>(Rows).Slice(row * width, width).CopyTo(window.Append(time));
        }
        DateTime? order = hasTimes && count > 0 ? Time(file.Values<long>(Order)[series]) : null;
        return new ForecastSession(model, name, file.Values<float>(Statics).Slice(series * statics, statics).ToArray(), window, order);
    }

    private static DateTime Time(long ticks) => ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks
        ? new DateTime(ticks)
        : throw new InvalidDataException(Invariant($"A time is {ticks} ticks; expected 0 to {DateTime.MaxValue.Ticks}."));
}
