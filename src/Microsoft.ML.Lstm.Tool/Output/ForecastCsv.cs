using System.Globalization;
using Microsoft.ML.Lstm.Tool.Series;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Output;

/// <summary>Forecasts as a CSV: commas, points before fractions, times as the file that they were made from writes them.</summary>
internal static class ForecastCsv
{
    /// <summary>The lines, the header first.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<FutureRow> rows, SeriesRoles roles)
    {
        bool severalTargets = roles.Targets.Count > 1;
        string[] header = [.. Some(roles.Group?.Name), .. Some(roles.Time?.Name ?? "Step"), .. Some(severalTargets ? "Target" : null), "Forecast", "Lower", "Upper"];
        yield return string.Join(',', header.Select(Quoted));
        string? format = roles.Time is { } column ? DateFormats.ForWriting(column.DateFormat!, column.Example) : null;
        foreach (FutureRow row in rows)
        {
            string time = row.Time is { } at ? at.ToString(format, CultureInfo.InvariantCulture) : row.Step.ToString(CultureInfo.InvariantCulture);
            string[] fields = [.. Some(roles.Group is null ? null : row.Series), time, .. Some(severalTargets ? row.Target : null), Value(row.Forecast), Value(row.Lower), Value(row.Upper)];
            yield return string.Join(',', fields.Select(Quoted));
        }
    }

    /// <summary>A field, in quotes where it needs them.</summary>
    public static string Quoted(string field) => field.AsSpan().IndexOfAny("\",\r\n") >= 0 ? $"\"{field.Replace("\"", "\"\"")}\"" : field;

    private static string Value(float value) => float.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string[] Some(string? field) => field is null ? [] : [field];
}
