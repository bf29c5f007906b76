namespace Microsoft.ML.Lstm;

/// <summary>One step of one forecast of a backtest, beside what came and what needs no learning; all values in the unit of the series, NaN where there is none.</summary>
public sealed class BacktestForecast
{
    /// <summary>The series, by the text of its group value; empty where there are no groups.</summary>
    public string Series { get; init; } = "";

    /// <summary>Name of the column that is forecast.</summary>
    public string Target { get; init; } = "";

    /// <summary>Rows of the series that were known; the first row forecast has this number, counted from 0.</summary>
    public int Origin { get; init; }

    /// <summary>When the last known row is from; the least value where rows have no time.</summary>
    public DateTime OriginTime { get; init; }

    /// <summary>Steps ahead: 1 to the horizon.</summary>
    public int Step { get; init; }

    /// <summary>When the row forecast is from; the least value where rows have no time.</summary>
    public DateTime Time { get; init; }

    /// <summary>What came.</summary>
    public float Actual { get; init; }

    /// <summary>What was forecast.</summary>
    public float Forecast { get; init; }

    /// <summary>Lower bound of the interval.</summary>
    public float LowerBound { get; init; }

    /// <summary>Upper bound of the interval.</summary>
    public float UpperBound { get; init; }

    /// <summary>What was last.</summary>
    public float Persistence { get; init; }

    /// <summary>What was a season ago.</summary>
    public float SeasonalNaive { get; init; }

    /// <summary>Persistence on the seasonally adjusted series, the season put back.</summary>
    public float Naive2 { get; init; }

    /// <summary>A linear regression on the window, learned from the same rows as the forecaster.</summary>
    public float Ridge { get; init; }
}
