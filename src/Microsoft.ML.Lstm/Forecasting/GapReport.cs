using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Says how many values are missing, and where the first is; or refuses them.</summary>
internal sealed class GapReport(IExceptionContext context, IChannel channel, ForecastInput input, MissingValues rule)
{
    /// <exception cref="InvalidOperationException">Values are missing, and that is refused; names series, row and column.</exception>
    public void Tell(IReadOnlyList<SeriesData> series)
    {
        long missing = 0;
        string first = "";
        foreach (SeriesData one in series)
            for (int target = 0; target < one.Targets.Length; target++)
                for (int row = 0; row < one.KnownCount; row++)
                {
                    if (float.IsFinite(one.Targets[target][row]))
                        continue;
                    missing++;
                    if (first.Length == 0)
                        first = Invariant($"the first of column '{input.Targets[target]}'{(input.Group is null ? "" : $" in series '{one.Name}'")} {(one.Times.Length > 0 ? Invariant($"at {one.Times[row]:yyyy-MM-dd HH:mm:ss}") : Invariant($"in its row {row}"))}");
                }
        if (missing == 0)
            return;
        if (rule == MissingValues.Refuse)
            throw context.Process(new InvalidOperationException(Invariant($"{Plural.Of(missing, "value is", "values are")} missing, {first}; expected none, since {nameof(LstmForecaster.Options.MissingValues)} is {rule}.")));
        channel.Warning(MessageSensitivity.None, Invariant($"{Plural.Of(missing, "value is", "values are")} missing, {first}; none is learned as a target, and as inputs they are treated by {rule}."));
    }
}
