namespace Microsoft.ML.Lstm.Streaming;

/// <summary>What is asked of a row beside the row itself.</summary>
/// <param name="Horizon">Rows to forecast; null: as many as the model does.</param>
/// <param name="ConfidenceLevel">The level of intervals; null: the model's own.</param>
/// <param name="FutureCount">Rows of the future that are given.</param>
/// <param name="MoveToFuture">Moves the row that is read to the i-th of them; the next row that is taken moves it on.</param>
internal readonly record struct StreamRequest(int? Horizon, double? ConfidenceLevel, int FutureCount, Action<int>? MoveToFuture)
{
    /// <summary>Whether nothing is asked.</summary>
    public bool IsPlain => Horizon is null && ConfidenceLevel is null && FutureCount == 0;
}
