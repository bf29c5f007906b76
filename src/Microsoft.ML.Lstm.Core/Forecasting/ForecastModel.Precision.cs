namespace Microsoft.ML.Lstm;

public sealed partial class ForecastModel
{
    /// <summary>How the matrices of its networks are stored.</summary>
    public WeightPrecision Precision => Members[0].Precision;

    /// <summary>
    /// This forecaster with its matrices of weights stored in another precision; what that gives and costs is said at
    /// <see cref="RecurrentModel.WithPrecision(WeightPrecision)"/>. Intervals keep their calibration. A session's saved state belongs to the precision it was
    /// saved with.
    /// </summary>
    /// <param name="precision">How they are stored.</param>
    /// <returns>The new forecaster; this one stays as it is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    /// <example>
    /// <code>
    /// ForecastModel small = ForecastModel.Load("model.zip").WithPrecision(WeightPrecision.BFloat16);
    /// </code>
    /// </example>
    public ForecastModel WithPrecision(WeightPrecision precision)
    {
        Guard.RequireArgument(Enum.IsDefined(precision), nameof(precision), precision, Guard.OneOf<WeightPrecision>());
        return precision == Precision ? this
            : new ForecastModel([.. Members.Select(member => member.WithPrecision(precision))], Loss, Settings, Input, Calibration,
                History, Diagnosis, Residuals, Locals);
    }
}
