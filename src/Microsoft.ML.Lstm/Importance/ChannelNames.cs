using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>What the values of a step are called.</summary>
internal static class ChannelNames
{
    /// <summary>
    /// The names, [F]: of windows those of the columns that they were cut from, otherwise the column's own, with the place where there are
    /// several.
    /// </summary>
    public static string[] Of(DataViewSchema.Column column, int size)
    {
        if (WindowAnnotations.TryRead(column, out WindowAnnotation window) && window.RowSize == size
            && SlotNames.Read(column) is { } slots && slots.Count == (long)window.WindowLength * size)
        {
            // "Value-0" is the value of the window's last step.
            return [.. slots.Skip(slots.Count - size).Select(name => name.EndsWith("-0", StringComparison.Ordinal) ? name[..^2] : name)];
        }
        return size == 1 ? [column.Name] : [.. Enumerable.Range(0, size).Select(place => Invariant($"{column.Name}[{place}]"))];
    }
}
