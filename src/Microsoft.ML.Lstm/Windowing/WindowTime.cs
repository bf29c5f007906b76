using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>The time column of windows: a step in hours says nothing about times that are numbers, nor one of weekdays about times without a date.</summary>
internal static class WindowTime
{
    /// <summary>Refuses a time column that is missing, not one of times, or that the time step does not fit, as far as a shape tells. Without a time column: nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names column, type and time step.</exception>
    public static void Check(IExceptionContext context, SchemaShape schema, WindowSettings settings)
    {
        if (settings.TimeColumnName is not { } name)
            return;
        TimeReader.Check(context, schema, name);
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, TimeReader.Role, name);
        if (!Fits(settings.Spacing, column.ItemType))
            throw IllTyped(context, name, settings.Spacing!, column.Describe());
    }

    /// <summary>Refuses a time column that is missing, not one of times, or that the time step does not fit. Without a time column: nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names column, type and time step.</exception>
    public static void Check(IExceptionContext context, DataViewSchema schema, WindowSettings settings)
    {
        if (settings.TimeColumnName is { } name && TimeReader.Find(context, schema, name).Type is var type && !Fits(settings.Spacing, type))
            throw IllTyped(context, name, settings.Spacing!, type.ToString()!);
    }

    private static bool Fits(RowSpacing? spacing, DataViewType type) => spacing is not { Length: > 0 }
        || (spacing.IsWeekdays ? TimeReader.CanReadDates(type)
            : (spacing.IsOfNumbers ?? TimeReader.CanReadNumbers(type)) == TimeReader.CanReadNumbers(type));

    private static Exception IllTyped(IExceptionContext context, string name, RowSpacing spacing, string found) => SchemaMismatch.IllTyped(context, TimeReader.Role, name,
        Invariant($"{(spacing.IsWeekdays ? TimeReader.ExpectedDate : spacing.IsOfNumbers is true ? TimeReader.ExpectedNumber : "DateTime, DateTimeOffset or TimeSpan")}, since the time step is {spacing.Name}"),
        found);
}
