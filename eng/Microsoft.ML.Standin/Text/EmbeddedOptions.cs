using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The comment "TextLoader{header+ sep=tab col=Name:R4:0-3 …}" with which a saved text file says how to load it.</summary>
internal static partial class EmbeddedOptions
{
    private static readonly Dictionary<DataKind, string> KindNames = new()
    {
        [DataKind.SByte] = "I1",
        [DataKind.Byte] = "U1",
        [DataKind.Int16] = "I2",
        [DataKind.UInt16] = "U2",
        [DataKind.Int32] = "I4",
        [DataKind.UInt32] = "U4",
        [DataKind.Int64] = "I8",
        [DataKind.UInt64] = "U8",
        [DataKind.Single] = "R4",
        [DataKind.Double] = "R8",
        [DataKind.String] = "TX",
        [DataKind.Boolean] = "BL",
        [DataKind.TimeSpan] = "TS",
        [DataKind.DateTime] = "DT",
        [DataKind.DateTimeOffset] = "DZ",
    };

    private static readonly Dictionary<char, string> SeparatorNames =
        new() { ['\t'] = "tab", [' '] = "space", [','] = "comma", [';'] = "semicolon", ['|'] = "bar" };

    /// <summary>Without any description the first field is the label, all others are features.</summary>
    public static TextLoader.Options ReadOrDefault(TextLoader.Options options, IMultiStreamSource sample)
    {
        string text = TextLines.ReadEmbeddedOptions(sample);
        if (text.Length > 0 && IsDefault(options))
        {
            TextLoader.Options embedded = Parse(text);
            embedded.MaxRows = options.MaxRows;
            return embedded;
        }
        options.Columns =
        [
            new TextLoader.Column("Label", DataKind.Single, 0),
            new TextLoader.Column("Features", DataKind.Single, [new TextLoader.Range(1, null)]),
        ];
        return options;
    }

    public static IEnumerable<string> Format(char separator, bool hasHeader, IEnumerable<DataViewSchema.Column> columns)
    {
        if (hasHeader)
            yield return "header+";
        yield return "sep=" + SeparatorNames[separator];
        int first = 0;
        foreach (DataViewSchema.Column column in columns)
        {
            yield return Format(column, first);
            first += column.Type.GetValueCount();
        }
    }

    private static string Format(DataViewSchema.Column column, int first)
    {
        DataViewType itemType = column.Type.GetItemType();
        itemType.RawType.TryGetDataKind(out DataKind kind);
        string type = KindNames[kind];
        ulong count = itemType.GetKeyCount();
        string source = column.Type is not VectorDataViewType vector ? $"{first}"
            : vector.IsKnownSize ? $"{first}-{first + vector.Size - 1}" : $"{first}-**";
        if (!Special().IsMatch(column.Name))
            return $"col={column.Name}:{type}{(count > 0 ? $"[{count}]" : "")}:{source}";
        string shownType = kind == DataKind.Single ? "" : $" type={type}";
        return $"col={{name={{{Escaped().Replace(column.Name, @"\$0")}}}{shownType} src={source}{(count > 0 ? $" key={count}" : "")}}}";
    }

    private static bool IsDefault(TextLoader.Options options)
    {
        var usual = new TextLoader.Options();
        return options.AllowQuoting == usual.AllowQuoting && options.AllowSparse == usual.AllowSparse
            && options.Separators.AsSpan().SequenceEqual(usual.Separators) && options.DecimalMarker == usual.DecimalMarker
            && options.TrimWhitespace == usual.TrimWhitespace && options.HasHeader == usual.HasHeader
            && options.ReadMultilines == usual.ReadMultilines && options.EscapeChar == usual.EscapeChar
            && options.MissingRealsAsNaNs == usual.MissingRealsAsNaNs;
    }

    private static TextLoader.Options Parse(string text)
    {
        Match loader = Loader().Match(text);
        if (!loader.Success)
            throw Invalid(text);
        var options = new TextLoader.Options();
        var columns = new List<TextLoader.Column>();
        foreach (Match setting in Setting().Matches(loader.Groups["settings"].Value))
        {
            string name = setting.Groups["name"].Value;
            string value = setting.Groups["value"].Value;
            switch (name)
            {
                case "header":
                    options.HasHeader = value == "+";
                    break;
                case "sep":
                    options.Separators = [ParseSeparator(value)];
                    break;
                case "quote":
                    options.AllowQuoting = value == "+";
                    break;
                case "sparse":
                    options.AllowSparse = value == "+";
                    break;
                case "col":
                    columns.Add(ParseColumn(value));
                    break;
                default:
                    throw Invalid(setting.Value);
            }
        }
        options.Columns = [.. columns];
        return options;
    }

    private static char ParseSeparator(string value)
    {
        char named = SeparatorNames.FirstOrDefault(p => p.Value == value).Key;
        return named != default ? named : value.Length == 1 ? value[0] : throw Invalid("sep=" + value);
    }

    private static TextLoader.Column ParseColumn(string value)
    {
        Match match = value.StartsWith('{') ? BracedColumn().Match(value) : PlainColumn().Match(value);
        string type = match.Groups["type"] is { Success: true } given ? given.Value : KindNames[DataKind.Single];
        DataKind kind = KindNames.FirstOrDefault(p => p.Value == type).Key;
        if (!match.Success || kind == default)
            throw Invalid("col=" + value);
        KeyCount keyCount = match.Groups["count"] is { Success: true } count
            ? new KeyCount(ulong.Parse(count.Value, CultureInfo.InvariantCulture)) : null;
        string name = Escape().Replace(match.Groups["name"].Value, "$1");
        return new TextLoader.Column(name, kind, [.. match.Groups["src"].Value.Split(',').Select(ParseRange)], keyCount);
    }

    private static TextLoader.Range ParseRange(string value)
    {
        int dash = value.IndexOf('-');
        if (dash < 0)
            return new TextLoader.Range(int.Parse(value, CultureInfo.InvariantCulture));
        int min = int.Parse(value.AsSpan(0, dash), CultureInfo.InvariantCulture);
        return value[(dash + 1)..] switch
        {
            "**" => new TextLoader.Range { Min = min, VariableEnd = true, ForceVector = true },
            "*" => new TextLoader.Range(min, null),
            var max => new TextLoader.Range(min, int.Parse(max, CultureInfo.InvariantCulture)),
        };
    }

    private static Exception Invalid(string text) =>
        Contracts.Except($"TextLoader options embedded in the file are invalid: '{text}'");

    [GeneratedRegex(@"^(TextLoader|Text)\s*\{(?<settings>.*)\}$", RegexOptions.Singleline)]
    private static partial Regex Loader();

    [GeneratedRegex(@"(?<name>\w+)(=(?<value>\{(?:[^{}\\]|\\.|\{(?:[^{}\\]|\\.)*\})*\}|\S+)|(?<value>[+-]))")]
    private static partial Regex Setting();

    [GeneratedRegex(@"[\s{}=""#]")]
    private static partial Regex Special();

    [GeneratedRegex(@"[{}""]")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"\\([{}""])")]
    private static partial Regex Escape();

    [GeneratedRegex(@"^(?<name>[^:]+)(:(?<type>\w+)(\[(?<count>\d+)\])?)?:(?<src>[\d,*-]+)$")]
    private static partial Regex PlainColumn();

    [GeneratedRegex(@"^\{name=\{(?<name>(\\.|[^{}\\])*)\}(\s+type=(?<type>\w+))?\s+src=(?<src>[\d,*-]+)(\s+key=(?<count>\d+))?\}$")]
    private static partial Regex BracedColumn();
}
