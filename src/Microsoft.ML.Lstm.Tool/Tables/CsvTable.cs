using Microsoft.ML.Data;
using nietras.SeparatedValues;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>Reads the columns that are wanted of a file of any length, row by row; nothing else of it is kept.</summary>
internal static class CsvTable
{
    /// <summary>Reads.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dialect">How it is written.</param>
    /// <param name="columns">What to read as what.</param>
    /// <exception cref="ToolException">A field is not what its column holds; names row, column and field, and the flag that helps.</exception>
    public static TableView Read(string path, CsvDialect dialect, IReadOnlyList<(ColumnGuess Column, ColumnKind Kind)> columns)
    {
        IFieldReader[] readers = [.. columns.Select(column => FieldReader(column.Column, column.Kind, dialect.Numbers))];
        int least = columns.Max(column => column.Column.Index) + 1;
        CsvRecords.Read(path, dialect.Separator, (record, line, row) =>
        {
            if (record == 0 && dialect.HasHeader)
                return true;
            if (row.ColCount < least)
                throw new ToolException($"Line {line} of '{path}' has {row.ColCount} fields; expected {dialect.Columns.Count}, separated by {Name(dialect.Separator)}. --separator says what separates them.");
            foreach (IFieldReader reader in readers)
                reader.Read(row, line);
            return true;
        });
        return readers[0].Data.Count == 0
            ? throw new ToolException($"'{path}' has a header and no rows; expected rows of values. If the first row is no header, say --header false.")
            : new TableView(readers.Select(reader => reader.Data));
    }

    /// <summary>A separator as a person says it.</summary>
    public static string Name(char separator) => separator switch
    {
        '\t' => "tabs",
        ',' => "commas",
        ';' => "semicolons",
        _ => $"'{separator}'",
    };

    private static IFieldReader FieldReader(ColumnGuess column, ColumnKind kind, NumberFormat numbers) => kind switch
    {
        ColumnKind.Number => new NumberReader(column, numbers),
        ColumnKind.Time => new TimeReader(column),
        _ => new TextReader(column),
    };

    private interface IFieldReader
    {
        ColumnData Data { get; }

        void Read(SepReader.Row row, int line);
    }

    private sealed class NumberReader(ColumnGuess column, NumberFormat format) : IFieldReader
    {
        private readonly ColumnData<float> _data = new(column.Name, NumberDataViewType.Single);

        public ColumnData Data => _data;

        public void Read(SepReader.Row row, int line)
        {
            ReadOnlySpan<char> field = row[column.Index].Span;
            if (NumberFormat.IsMissing(field))
                _data.Add(float.NaN);
            else if (format.TryParse(field, out float value))
                _data.Add(value);
            else
                throw new ToolException($"Column '{column.Name}' has \"{Excerpt(field)}\" on line {line}; expected a value with {format}, or an empty field. --decimal says what comes before a fraction.{NumberFormat.WhyNot(field)}");
        }
    }

    private sealed class TimeReader(ColumnGuess column) : IFieldReader
    {
        private readonly ColumnData<DateTime> _data = new(column.Name, DateTimeDataViewType.Instance);
        private readonly string _format = column.DateFormat
            ?? throw new ToolException($"Column '{column.Name}' has \"{column.Example}\"; expected times, such as 2026-11-26 or 26.11.2026 14:00. --date-format says how they are written, as yyyy-MM-dd HH:mm does.");

        public ColumnData Data => _data;

        public void Read(SepReader.Row row, int line)
        {
            ReadOnlySpan<char> field = row[column.Index].Span;
            if (!DateFormats.TryParse(field, _format, out DateTime time))
                throw new ToolException($"Column '{column.Name}' has \"{Excerpt(field)}\" on line {line}; expected a time written as {_format}, as \"{column.Example}\" is. --date-format says how times are written.");
            if (_data.Count > 0 && _data.Values[0].Kind != time.Kind)
                throw new ToolException($"Column '{column.Name}' has \"{Excerpt(field)}\" on line {line}, {(time.Kind == DateTimeKind.Utc ? "with" : "without")} a time zone; expected all times as \"{column.Example}\".");
            _data.Add(time);
        }
    }

    private sealed class TextReader(ColumnGuess column) : IFieldReader
    {
        private readonly ColumnData<ReadOnlyMemory<char>> _data = new(column.Name, TextDataViewType.Instance);
        private readonly Dictionary<string, string> _known = [];

        public ColumnData Data => _data;

        public void Read(SepReader.Row row, int line)
        {
            string text = row[column.Index].Span.Trim().ToString();
            // Names of series repeat in every row.
            if (_known.TryGetValue(text, out string? known))
                text = known;
            else if (_known.Count < 100_000)
                _known.Add(text, text);
            _data.Add(text.AsMemory());
        }
    }

    private static string Excerpt(ReadOnlySpan<char> field) => field.Length <= 40 ? field.ToString() : $"{field[..40]}…";
}
