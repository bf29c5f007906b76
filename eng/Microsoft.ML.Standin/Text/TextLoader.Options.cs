namespace Microsoft.ML.Data;

public sealed partial class TextLoader
{
    public class Options
    {
        public bool AllowQuoting = Defaults.AllowQuoting;
        public bool AllowSparse = Defaults.AllowSparse;
        public char[] Separators = [Defaults.Separator];
        public char DecimalMarker = Defaults.DecimalMarker;
        public Column[] Columns;
        public bool TrimWhitespace = Defaults.TrimWhitespace;
        public bool HasHeader = Defaults.HasHeader;
        public bool ReadMultilines = Defaults.ReadMultilines;
        public long? MaxRows;
        public char EscapeChar = Defaults.EscapeChar;
        public bool MissingRealsAsNaNs = Defaults.MissingRealsAsNaNs;
    }

    internal static class Defaults
    {
        public const bool AllowQuoting = false;
        public const bool AllowSparse = false;
        public const char Separator = '\t';
        public const char DecimalMarker = '.';
        public const bool HasHeader = false;
        public const bool TrimWhitespace = false;
        public const bool ReadMultilines = false;
        public const char EscapeChar = '"';
        public const bool MissingRealsAsNaNs = false;
    }
}
