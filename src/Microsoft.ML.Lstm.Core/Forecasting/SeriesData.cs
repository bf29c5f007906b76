namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// One series: a row for each step of time, without a hole, in the order of time. Columns are stored one after the other, so that a window of one is a span.
/// </summary>
internal sealed class SeriesData
{
    /// <summary>The text of its group value; empty where there are no groups.</summary>
    public required string Name { get; init; }

    /// <summary>Time of each row; empty if rows have none.</summary>
    public required DateTime[] Times { get; init; }

    /// <summary>The series to forecast: [targets][rows]; NaN where a value is missing or not yet known.</summary>
    public required float[][] Targets { get; init; }

    /// <summary>Covariates that are known of the past alone: [covariates][rows].</summary>
    public required float[][] Past { get; init; }

    /// <summary>Covariates that are known of the future too: [covariates][rows].</summary>
    public required float[][] Future { get; init; }

    /// <summary>Covariates that stay the same: [covariates].</summary>
    public required float[] Statics { get; init; }

    /// <summary>Rows that have passed, whether or not the last of them has a target; null: as many as <see cref="KnownCount"/> finds.</summary>
    public int? PassedCount { get; init; }

    /// <summary>A row as messages name it: its time, or its number in the series.</summary>
    public string PlaceOf(int row) => row < Times.Length ? Invariant($"at {Times[row]:yyyy-MM-dd HH:mm:ss}") : Invariant($"in its row {row}");

    /// <summary>Rows, those of the future included.</summary>
    public int RowCount => Targets[0].Length;

    /// <summary>Rows up to the last one that has a target; those after it say only what is known of the future.</summary>
    public int KnownCount
    {
        get
        {
            if (PassedCount is { } passed)
                return passed;
            int known = RowCount;
            while (known > 0 && Array.TrueForAll(Targets, values => !float.IsFinite(values[known - 1])))
                known--;
            return known;
        }
    }
}
