using System.Globalization;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>How a column writes its times.</summary>
internal static class DateFormats
{
    private static readonly string[] s_days =
    [
        "yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "d.M.yyyy", "d/M/yyyy", "M/d/yyyy", "d-M-yyyy", "M-d-yyyy", "yyyyMMdd", "d MMM yyyy", "d MMMM yyyy", "MMM d yyyy", "MMM d, yyyy", "MMMM d, yyyy",
        "d-MMM-yyyy", "d-MMM-yy", "d.M.yy", "d/M/yy", "M/d/yy",
    ];

    private static readonly string[] s_times = [" H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", "'T'H:mm", "'T'H:mm:ss", "'T'H:mm:ss.FFFFFFF", " h:mm tt", " h:mm:ss tt"];

    private static readonly string[] s_months = ["yyyy-M", "yyyy/M", "M/yyyy", "MMM yyyy", "MMMM yyyy", "MMM-yyyy", "MMM-yy", "yyyy-MMM"];

    /// <summary>Whole years, which only a column that is named for it is taken to hold.</summary>
    public const string Year = "yyyy";

    private static readonly string[] s_all = [.. s_days, .. s_months, .. s_days.SelectMany(day => s_times.SelectMany(time => new[] { day + time, $"{day}{time}K", $"{day}{time} K" }))];

    /// <summary>Reads a time; one with an offset is taken to UTC.</summary>
    public static bool TryParse(ReadOnlySpan<char> field, string format, out DateTime time) =>
        DateTime.TryParseExact(field.Trim(), format, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>A format as it writes: with the zeros before days, months and hours that an example has.</summary>
    public static string ForWriting(string format, string example)
    {
        string padded = System.Text.RegularExpressions.Regex.Replace(format, "(?<![A-Za-z])([dMHh])(?![A-Za-z])", "$1$1");
        return TryParse(example, format, out DateTime time) && time.ToString(padded, CultureInfo.InvariantCulture) == example.Trim() ? padded : format;
    }

    /// <summary>The formats in which all of some fields can be read; with the one first by which the times follow each other most evenly.</summary>
    /// <param name="fields">Fields in the order of rows, none of them missing.</param>
    /// <param name="allowYears">Whether four digits may be a year.</param>
    public static IReadOnlyList<string> Find(IReadOnlyList<string> fields, bool allowYears)
    {
        if (fields.Count == 0)
            return [];
        IEnumerable<string> fitting = s_all.Concat(allowYears ? [Year] : Array.Empty<string>())
            .Where(format => TryParse(fields[0], format, out _) && fields.All(field => TryParse(field, format, out _)));
        return [.. fitting.Select((format, place) => (format, place)).OrderByDescending(pair => Evenness(fields, pair.format)).ThenBy(pair => pair.place).Select(pair => pair.format)];
    }

    /// <summary>The format in which the first of some fields can be read, where all others are times too, or nearly all are written as the first is: one column that mixes formats.</summary>
    /// <returns>Null: the fields are not times.</returns>
    public static string? OfFirst(IReadOnlyList<string> fields)
    {
        string? format = fields.Count == 0 ? null : s_all.Where(format => TryParse(fields[0], format, out _)).MaxBy(format => fields.Count(field => TryParse(field, format, out _)));
        if (format is null || format == "yyyyMMdd")
            return null;
        return fields.Count(field => TryParse(field, format, out _)) >= 0.9 * fields.Count || fields.All(field => s_all.Any(other => TryParse(field, other, out _))) ? format : null;
    }

    // The fraction of distances that are the most common one; months and years count alike though they differ in days. Several series restart.
    private static double Evenness(IReadOnlyList<string> fields, string format)
    {
        DateTime[] times = [.. fields.Select(field => TryParse(field, format, out DateTime time) ? time : default)];
        var counts = new Dictionary<long, int>();
        for (int i = 1; i < times.Length; i++)
        {
            long distance = (times[i] - times[i - 1]).Ticks, days = distance / TimeSpan.TicksPerDay;
            long key = days is >= 28 and <= 31 ? -1 : days is >= 365 and <= 366 ? -2 : distance;
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }
        return times.Length < 2 ? 0 : (double)counts.Values.Max() / (times.Length - 1);
    }
}
