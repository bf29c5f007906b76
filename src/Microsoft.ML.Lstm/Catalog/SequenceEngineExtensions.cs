using Microsoft.ML.Lstm;

namespace Microsoft.ML;

/// <summary>Prediction from a series that arrives one row at a time.</summary>
public static class SequenceEngineExtensions
{
    /// <summary>Creates an engine that takes the rows of a series one by one and scores the window that the latest of them make.</summary>
    /// <typeparam name="TIn">Class with the columns that the model reads.</typeparam>
    /// <typeparam name="TOut">Class with the columns to be filled, such as <c>Score</c>.</typeparam>
    /// <param name="model">A trained or loaded model with one <c>WindowSequence</c> over scalar columns; a checkpoint goes on where it was saved.</param>
    /// <param name="mlContext">The context.</param>
    /// <exception cref="ArgumentException">The model has no such window, or a part that is not row to row.</exception>
    /// <example>
    /// <code><![CDATA[
    /// using SequenceEngine<Reading, Forecast> engine = model.CreateSequenceEngine<Reading, Forecast>(ml);
    /// foreach (float value in new float[] { 20.1f, 20.4f, 20.9f })
    ///     if (engine.Predict(new Reading { Value = value }) is { } forecast)
    ///         Console.WriteLine(forecast.Score);
    ///
    /// class Reading { public float Value { get; set; } }
    /// class Forecast { public float Score { get; set; } }
    /// ]]></code>
    /// </example>
    public static SequenceEngine<TIn, TOut> CreateSequenceEngine<TIn, TOut>(this ITransformer model, MLContext mlContext)
        where TIn : class
        where TOut : class, new() => new(mlContext, model);
}
