using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>Values as text that the text loader reads back.</summary>
internal static class TextFormatters
{
    public static Func<T, string> Get<T>(DataViewType type)
    {
        if (type is KeyDataViewType key)
            return value =>
            {
                ulong number = Convert.ToUInt64(value, CultureInfo.InvariantCulture);
                return number == 0 || number > key.Count ? "" : (number - 1).ToString(CultureInfo.InvariantCulture);
            };
        return value => value switch
        {
            float.NaN or double.NaN => "?",
            float real => real.ToString("R", CultureInfo.InvariantCulture),
            double real => real.ToString("G17", CultureInfo.InvariantCulture),
            bool truth => truth ? "1" : "0",
            TimeSpan span => span.ToString("c"),
            DateTime date => date.ToString("o"),
            DateTimeOffset date => date.ToString("o"),
            ReadOnlyMemory<char> text => text.ToString(),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture),
        };
    }
}
