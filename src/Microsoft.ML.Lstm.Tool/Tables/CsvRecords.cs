using System.Text;
using nietras.SeparatedValues;

namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>Reads the records of a file: quoted fields may hold separators, quotes and ends of line; a byte-order mark is no part of the first.</summary>
internal static class CsvRecords
{
    /// <summary>The fields of a record.</summary>
    /// <param name="record">The record, from 0, the header included.</param>
    /// <param name="line">The line on which it begins, from 1.</param>
    /// <param name="row">Its fields.</param>
    /// <returns>Whether to read on.</returns>
    public delegate bool Reading(long record, int line, SepReader.Row row);

    /// <summary>Reads records until the end, or until nobody wants more; blank lines are passed over.</summary>
    /// <exception cref="ToolException">The file cannot be opened or read.</exception>
    public static void Read(string path, char separator, Reading read)
    {
        try
        {
            using var text = new StreamReader(path, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
            using SepReader reader = Sep.New(separator).Reader(options => options with { HasHeader = false, Unescape = true, DisableColCountCheck = true }).From(text);
            long record = 0;
            foreach (SepReader.Row row in reader)
            {
                if (row.ColCount == 0 || (row.ColCount == 1 && row[0].Span.IsWhiteSpace()))
                    continue;
                // Only the last record can have one: it has swallowed all lines below.
                if (row.Span.Count('"') % 2 == 1)
                    throw new ToolException($"Line {row.LineNumberFrom} of '{path}' begins a record with a quote that is never closed; expected one at the end of the field too.");
                if (!read(record++, row.LineNumberFrom, row))
                    return;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or InvalidDataException)
        {
            throw new ToolException(File.Exists(path) ? $"'{path}' cannot be read: {e.Message}" : $"There is no file '{path}'; expected the path of a CSV file.", e);
        }
    }
}
