namespace Microsoft.ML.Lstm;

/// <summary>How far a backtest is.</summary>
/// <param name="OriginsDone">Origins whose forecasts are there.</param>
/// <param name="OriginCount">Origins in all.</param>
public readonly record struct BacktestProgress(int OriginsDone, int OriginCount);
