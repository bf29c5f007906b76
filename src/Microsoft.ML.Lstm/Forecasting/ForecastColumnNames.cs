using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Windowing;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The columns that a forecaster is told to read and to add, before any data is seen.</summary>
internal sealed record ForecastColumnNames
{
    public required IReadOnlyList<string> Targets { get; init; }

    public required IReadOnlyList<string> Past { get; init; }

    public required IReadOnlyList<string> Future { get; init; }

    public required IReadOnlyList<string> Static { get; init; }

    public required string? Group { get; init; }

    public required string? Time { get; init; }

    public required ForecastOutputs Outputs { get; init; }

    /// <summary>Reads off a schema what the columns are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is missing or of another type.</exception>
    public ForecastInput Find(IExceptionContext context, DataViewSchema schema) => new()
    {
        Targets = Targets,
        Past = [.. Past.Select(name => CovariateColumn.Of(context, schema, SeriesReader.PastRole, name))],
        Future = [.. Future.Select(name => CovariateColumn.Of(context, schema, SeriesReader.FutureRole, name))],
        Static = [.. Static.Select(name => CovariateColumn.Of(context, schema, SeriesReader.StaticRole, name))],
        Group = Group,
        Time = Time,
    };

    /// <summary>Refuses columns that are missing or of another type, as far as a shape without sizes tells.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the column.</exception>
    public void Check(IExceptionContext context, SchemaShape schema)
    {
        foreach (string target in Targets)
            Require(SeriesReader.TargetRole, target, "Single", column => !column.IsKey && column.ItemType.Equals(NumberDataViewType.Single));
        foreach ((string role, IReadOnlyList<string> names) in new[] { (SeriesReader.PastRole, Past), (SeriesReader.FutureRole, Future), (SeriesReader.StaticRole, Static) })
            foreach (string name in names)
                CovariateColumn.Check(context, schema, role, name);
        if (Group is not null)
            Require(SeriesReader.GroupRole, Group, GroupReader.Expected, column => GroupReader.CanRead(column.ItemType));
        if (Time is not null)
            Require(TimeReader.Role, Time, TimeReader.ExpectedDate, column => TimeReader.CanReadDates(column.ItemType));

        void Require(string role, string name, string expected, Func<SchemaShape.Column, bool> fits)
        {
            SchemaShape.Column column = SchemaMismatch.Find(context, schema, role, name);
            if (column.Kind != VectorKind.Scalar || !fits(column))
                throw SchemaMismatch.IllTyped(context, role, name, expected, column.Describe());
        }
    }
}
