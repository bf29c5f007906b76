using Microsoft.ML.Lstm;

namespace Microsoft.ML;

/// <summary>Prediction from a series that arrives one row at a time.</summary>
public static class SequenceEngineExtensions
{
    /// <summary>Creates an engine that takes the rows of a series one by one and scores the window that the latest of them make.</summary>
    /// <typeparam name="TIn">Class with the columns that the model reads.</typeparam>
    /// <typeparam name="TOut">Class with the columns to be filled, such as <c>Score</c>.</typeparam>
    /// <param name="model">A trained or loaded model with one <c>WindowSequence</c>; the engine resumes from the rows of a checkpoint.</param>
    /// <param name="mlContext">The context.</param>
    /// <param name="maximumSeries">
    /// Most series, told apart by the window's group column, whose latest rows are kept; beyond that the one heard of least recently is dropped, and
    /// begins anew if it comes again. Null: all are kept.
    /// </param>
    /// <example>
    /// <code><![CDATA[
    /// using SequenceEngine<Reading, Forecast> engine = model.CreateSequenceEngine<Reading, Forecast>(ml, maximumSeries: 10_000);
    /// foreach (float value in new float[] { 20.1f, 20.4f, 20.9f })
    ///     if (engine.Predict(new Reading { Value = value }) is { } forecast)
    ///         Console.WriteLine(forecast.Score);
    /// engine.CheckPoint("engine.zip");
    ///
    /// class Reading { public float Value { get; set; } }
    /// class Forecast { public float Score { get; set; } }
    /// ]]></code>
    /// </example>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumSeries"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The model has no such window, or a part that is not row to row.</exception>
    public static SequenceEngine<TIn, TOut> CreateSequenceEngine<TIn, TOut>(this ITransformer model, MLContext mlContext, int? maximumSeries = null)
        where TIn : class
        where TOut : class, new() => new(mlContext, model, maximumSeries);
}
