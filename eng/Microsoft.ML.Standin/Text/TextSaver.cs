using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Writes rows as lines, below a comment that says how to load them and a header with the columns' names.</summary>
internal sealed class TextSaver
{
    private const string Separators = " \t,;|";
    private readonly char _separator;
    private readonly bool _headerRow;
    private readonly bool _schema;
    private readonly bool _forceDense;

    public TextSaver(char separator, bool headerRow, bool schema, bool forceDense)
    {
        if (!Separators.Contains(separator))
            throw Contracts.ExceptUserArg("Separator", $"Invalid separator '{separator}' - must be: space, tab, comma, semicolon, or bar");
        _separator = separator;
        _headerRow = headerRow;
        _schema = schema;
        _forceDense = forceDense;
    }

    public void Save(IDataView data, Stream stream, bool keepHidden)
    {
        DataViewSchema.Column[] columns = [.. data.Schema.Where(c => (keepHidden || !c.IsHidden)
            && c.Type is PrimitiveDataViewType or VectorDataViewType && c.Type.GetItemType().RawType.TryGetDataKind(out _))];
        Contracts.Check(columns.Length > 0, "No valid columns to save");
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        bool hasHeader = _headerRow && columns.Any(c => c.Type is not VectorDataViewType || c.HasSlotNames());
        if (_schema)
            WriteSchema(writer, hasHeader, columns);
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        TextSaverColumn[] sources = [.. columns.Select(c => TextSaverColumn.Create(cursor, c, _separator))];
        var line = new TextSaverLine(writer, _separator, _forceDense);
        if (hasHeader)
        {
            foreach (TextSaverColumn source in sources)
                line.Add(source.Header, TextSaverColumn.NoText);
            line.End();
        }
        while (cursor.MoveNext())
        {
            foreach (TextSaverColumn source in sources)
                line.Add(source.Read(), source.Default);
            line.End();
        }
    }

    private void WriteSchema(TextWriter writer, bool hasHeader, DataViewSchema.Column[] columns)
    {
        writer.WriteLine("#@ TextLoader{");
        foreach (string setting in EmbeddedOptions.Format(_separator, hasHeader, columns))
            writer.WriteLine("#@   " + setting);
        writer.WriteLine("#@ }");
    }

    internal static class Defaults
    {
        public const char Separator = '\t';
        public const bool ForceDense = false;
        public const bool OutputSchema = true;
        public const bool OutputHeader = true;
    }
}
