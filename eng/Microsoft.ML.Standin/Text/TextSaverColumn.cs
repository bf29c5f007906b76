using System.Text;

namespace Microsoft.ML.Data.IO;

/// <summary>The items of one column as text.</summary>
internal abstract class TextSaverColumn
{
    /// <summary>How empty text is written, so that it does not read as nothing.</summary>
    public const string NoText = "\"\"";

    public abstract string Default { get; }

    public string[] Header { get; private init; }

    public static TextSaverColumn Create(DataViewRow row, DataViewSchema.Column column, char separator) =>
        GenericCall.Invoke<TextSaverColumn>((Func<DataViewRow, DataViewSchema.Column, char, TextSaverColumn>)Create<int>,
            column.Type.GetItemType().RawType, row, column, separator);

    public abstract string[] Read();

    private static TextSaverColumn Create<T>(DataViewRow row, DataViewSchema.Column column, char separator) =>
        new Items<T>(row, column, separator) { Header = [.. GetHeader(column).Select(name => Quote(name, separator))] };

    private static IEnumerable<string> GetHeader(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
            return [column.Name];
        if (!column.HasSlotNames())
            return Enumerable.Repeat("", column.Type.GetVectorSize());
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.DenseValues().Select(n => n.ToString());
    }

    private static string Quote(string text, char separator)
    {
        if (text.Length == 0)
            return NoText;
        if (text[0] != ' ' && text.IndexOfAny(['"', separator, ':', '\n']) < 0)
            return text;
        return new StringBuilder("\"").Append(text).Replace("\"", "\"\"", 1, text.Length).Append('"').ToString();
    }

    private sealed class Items<T> : TextSaverColumn
    {
        private readonly Func<T[]> _read;
        private readonly Func<T, string> _format;

        public Items(DataViewRow row, DataViewSchema.Column column, char separator)
        {
            DataViewType itemType = column.Type.GetItemType();
            Func<T, string> format = TextFormatters.Get<T>(itemType);
            _format = itemType is TextDataViewType ? value => Quote(format(value), separator)
                : itemType is TimeSpanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType ? value => $"\"{format(value)}\""
                : format;
            _read = column.Type is VectorDataViewType ? Vector(row.GetGetter<VBuffer<T>>(column)) : Scalar(row.GetGetter<T>(column));
            Default = _format(default);
        }

        public override string Default { get; }

        public override string[] Read() => [.. _read().Select(_format)];

        private static Func<T[]> Scalar(ValueGetter<T> get)
        {
            var one = new T[1];
            return () =>
            {
                get(ref one[0]);
                return one;
            };
        }

        private static Func<T[]> Vector(ValueGetter<VBuffer<T>> get)
        {
            VBuffer<T> value = default;
            return () =>
            {
                get(ref value);
                return [.. value.DenseValues()];
            };
        }
    }
}
