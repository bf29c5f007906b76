using nietras.SeparatedValues;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>Finds out how a file is written, from its first rows: separator, header, decimal comma, formats of times.</summary>
internal static class CsvSniffer
{
    private const int MostRecords = 1000, LongestExample = 40;
    private static readonly char[] s_separators = ['\t', ';', '|', ','];

    /// <summary>Looks at a file.</summary>
    /// <exception cref="ToolException">It has nothing in it.</exception>
    public static CsvDialect Look(string path, CsvFlags flags)
    {
        (char separator, List<string[]> records) = flags.Separator is { } given ? (given, Records(path, given)) : BestSeparator(path);
        if (records.Count == 0)
            throw new ToolException($"'{path}' is empty; expected a row that names the columns, and rows of values.");
        int columns = records.Max(record => record.Length);
        bool header = flags.Header ?? HasHeader(records);
        string[][] rows = [.. records.Skip(header ? 1 : 0)];
        if (rows.Length == 0)
            throw new ToolException($"'{path}' has a header and no rows; expected rows of values. If the first row is no header, say --header false.");
        RequireNames(path, records, header);
        (NumberFormat numbers, bool isAmbiguous) = Numbers(rows, columns, separator, flags.Decimal);
        string[] names = Names(records[0], columns, header);
        return new CsvDialect(separator, header, numbers, [.. Enumerable.Range(0, columns).Select(i => Guess(names[i], i, Column(rows, i), numbers, isAmbiguous, flags.DateFormat))]);
    }

    // A title, a comment, or the line "sep=;" that spreadsheets write.
    private static void RequireNames(string path, List<string[]> records, bool header)
    {
        List<string[]> filled = [.. records.Select(record => record.AsSpan().TrimEnd("").ToArray())];
        if (header && filled[0].Length == 1 && Usual(filled) is > 1 and var usual)
            throw new ToolException($"The first line of '{path}' is \"{filled[0][0]}\", where most have {usual} fields; "
                + "expected the names of the columns, or values. Take it out of the file.");
    }

    private static (char Separator, List<string[]> Records) BestSeparator(string path)
    {
        var all = s_separators.Select(separator => (Separator: separator, Records: Records(path, separator))).ToArray();
        // The one by which records have most evenly the same number of fields; a file of one column has none.
        var best = all.Where(candidate => candidate.Records.Count > 0 && Usual(candidate.Records) > 1)
            .OrderByDescending(candidate => candidate.Records.Count(record => record.Length == Usual(candidate.Records)) / (double)candidate.Records.Count)
            .FirstOrDefault();
        return best.Records is null ? (',', all[^1].Records) : best;
    }

    private static int Usual(List<string[]> records) => records.GroupBy(record => record.Length).MaxBy(group => group.Count())!.Key;

    private static List<string[]> Records(string path, char separator)
    {
        var records = new List<string[]>();
        CsvRecords.Read(path, separator, (_, _, row) =>
        {
            string[] fields = new string[row.ColCount];
            for (int i = 0; i < fields.Length; i++)
                fields[i] = row[i].ToString().Trim();
            records.Add(fields);
            return records.Count < MostRecords;
        });
        return records;
    }

    // A header has no value or time where the rows below have one. Of text alone, the first row is taken for it.
    private static bool HasHeader(List<string[]> records)
    {
        if (records[0].Any(field => IsValue(field) && !NumberFormat.IsMissing(field)))
            return false;
        return records.Count > 1 || records[0].All(field => !IsValue(field));
    }

    private static bool IsValue(string field) =>
        NumberFormat.All.Any(format => format.TryParse(field, out _)) || DateFormats.Find([field], allowYears: false).Count > 0;

    private static string[] Names(string[] first, int columns, bool header)
    {
        var names = new string[columns];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < columns; i++)
        {
            string name = header && i < first.Length && first[i].Length > 0 ? first[i] : $"Column{i + 1}";
            string free = name;
            for (int n = 2; !seen.Add(free); n++)
                free = $"{name}_{n}";
            names[i] = free;
        }
        return names;
    }

    private static string[] Column(string[][] rows, int index) =>
        [.. rows.Where(row => index < row.Length).Select(row => row[index]).Where(field => !NumberFormat.IsMissing(field))];

    private static (NumberFormat Format, bool IsAmbiguous) Numbers(string[][] rows, int columns, char separator, char? given)
    {
        string[][] fields = [.. Enumerable.Range(0, columns).Select(i => Column(rows, i)).Where(column => column.Length > 0 && DateFormats.Find(column, allowYears: false).Count == 0)];
        var fitting = NumberFormat.All.Where(format => given is null || format.Decimal == given)
            .Select(format => (Format: format, Columns: fields.Count(column => column.All(field => format.TryParse(field, out _)))))
            .Where(candidate => candidate.Columns > 0).ToArray();
        if (fitting.Length == 0)
            return (new NumberFormat(given ?? '.', null), false);
        int most = fitting.Max(candidate => candidate.Columns);
        NumberFormat[] best = [.. fitting.Where(candidate => candidate.Columns == most).Select(candidate => candidate.Format)];
        // "1,234" is a thousand in a file of commas, where it stands in quotes, and a fraction in one of semicolons.
        bool isAmbiguous = given is null && best.Contains(new NumberFormat('.', ',')) && best.Contains(new NumberFormat(',', null)) && !best.Contains(new NumberFormat('.', null));
        return (isAmbiguous ? separator == ',' ? new NumberFormat('.', ',') : new NumberFormat(',', null) : best[0], isAmbiguous);
    }

    private static ColumnGuess Guess(string name, int index, string[] fields, NumberFormat numbers, bool numbersAreAmbiguous, string? dateFormat)
    {
        // Of a long text, enough to know it by.
        string example = fields.Length == 0 ? "" : fields[0].Length <= LongestExample ? fields[0] : $"{fields[0][..LongestExample]}…";
        bool isYear = name.Contains("year", StringComparison.OrdinalIgnoreCase);
        IReadOnlyList<string> formats = dateFormat is null ? DateFormats.Find(fields, isYear)
            : fields.Length > 0 && fields.Any(field => DateFormats.TryParse(field, dateFormat, out _)) ? [dateFormat] : [];
        bool isNumber = fields.Length > 0 && fields.All(field => numbers.TryParse(field, out _));
        // Eight digits may be a value too: only where they follow each other as days do are they times.
        if (formats.Count > 0 && (!isNumber || dateFormat is not null || isYear || formats[0] == "yyyyMMdd"))
            return new ColumnGuess(name, index, ColumnKind.Time, example, formats[0], MeansOther(fields, formats));
        // One or two stray texts among values, or times written in two ways, are an error of the file, which reading it will name, not a column of text.
        int parsed = fields.Count(field => numbers.TryParse(field, out _));
        if (parsed < 0.9 * fields.Length && dateFormat is null && DateFormats.OfFirst(fields) is { } first)
            return new ColumnGuess(name, index, ColumnKind.Time, example, first);
        return isNumber || (parsed > 0 && parsed >= 0.9 * fields.Length)
            ? new ColumnGuess(name, index, ColumnKind.Number, example, IsAmbiguous: numbersAreAmbiguous && fields.Any(field => field.Contains(',')))
            : new ColumnGuess(name, index, ColumnKind.Text, example);
    }

    // Whether another format reads other times of the same fields: a day taken for a month.
    private static bool MeansOther(string[] fields, IReadOnlyList<string> formats) => formats.Skip(1).Any(other => fields.Any(field =>
        DateFormats.TryParse(field, formats[0], out DateTime a) && DateFormats.TryParse(field, other, out DateTime b) && a != b));
}
