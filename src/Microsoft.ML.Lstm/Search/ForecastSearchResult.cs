namespace Microsoft.ML.Lstm;

/// <summary>What a search for a forecaster found. Immutable.</summary>
public sealed class ForecastSearchResult : SearchResult<LstmForecastingTransformer>
{
    internal ForecastSearchResult(LstmForecastingTransformer model, IReadOnlyList<SearchRung> trials, SearchRung best, SearchEnd end)
        : base(model, trials, best, end)
    {
    }

    /// <summary>The options of the best trial: <c>ForecastByLstm(result.Options)</c> is the forecaster that was found.</summary>
    public required LstmForecaster.Options Options { get; init; }

    /// <summary>
    /// The forecasts of the best trial that validated, beside those that need no learning: persistence, the season before, Naive2, a
    /// linear regression.
    /// </summary>
    public required BacktestResult Validation { get; init; }

    /// <summary>
    /// Whether <see cref="SearchResult{TModel}.Model"/> was trained anew on all rows; otherwise it knows those alone that come before the
    /// rows that validated.
    /// </summary>
    public required bool IsRefitted { get; init; }
}
