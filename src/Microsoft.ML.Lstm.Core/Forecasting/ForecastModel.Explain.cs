using Microsoft.ML.Lstm.Forecasting;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

public sealed partial class ForecastModel
{
    private const int MostPoints = 4096;

    /// <summary>Says what a forecast rests on: what each input in each row adds to the last known value.</summary>
    /// <param name="session">The series, up to its latest row.</param>
    /// <param name="future">What is known of the rows of the horizon; as of <c>ForecastSession.Forecast</c>.</param>
    /// <param name="step">Which row of the horizon, from 1 on; null: the mean over all of them.</param>
    /// <param name="target">Which target column; null: the first.</param>
    /// <param name="method">How the forecast is divided. Default: integrated gradients.</param>
    /// <param name="points">Points of the line that is integrated along: of more, less is left over. Range: 1 to 4096. Default: 64.</param>
    /// <exception cref="ArgumentException">The session is another forecaster's, or an argument is out of its range.</exception>
    /// <exception cref="InvalidOperationException">The series has no known value.</exception>
    /// <example>
    /// <code>
    /// ForecastModel forecaster = ForecastModel.Load("forecaster.zip");
    /// ForecastSession session = forecaster.CreateSession();
    /// foreach (float value in new float[] { 20.1f, 20.4f, 20.9f })
    ///     session.Append(value);
    /// Console.WriteLine(forecaster.Explain(session, step: 1));
    /// </code>
    /// </example>
    public ForecastExplanation Explain(
        ForecastSession session, IReadOnlyList<ForecastRow>? future = null, int? step = null, string? target = null,
        AttributionMethod method = AttributionMethod.IntegratedGradients, int points = 64)
    {
        ArgumentNullException.ThrowIfNull(session);
        Require(session.Model.Fingerprint == Fingerprint, nameof(session), "of another forecaster", "one of this");
        RequireArgument(step is null || (step > 0 && step <= Horizon), nameof(step), step, $"1 to {Horizon}, or null");
        RequireArgument(Enum.IsDefined(method), nameof(method), method, OneOf<AttributionMethod>());
        RequireArgument(points is > 0 and <= MostPoints, nameof(points), points, $"1 to {MostPoints}");
        int index = TargetIndex(target);
        if (!session.HasKnownValue(index))
            throw new InvalidOperationException(Invariant($"Series '{session.Series}' has no known value in its {session.RowCount} rows; expected at least one to forecast from."));
        float[] weights = new float[Horizon];
        if (step is { } one)
            weights[one - 1] = 1;
        else
            Array.Fill(weights, 1f / Horizon);
        return new ForecastAttribution(this, session.ToSeries(future, Horizon), index).Run(weights, method, points);
    }
}
