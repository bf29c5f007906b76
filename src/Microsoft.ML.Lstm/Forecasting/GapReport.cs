using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Says how many values are missing, and where the first is; or refuses them.</summary>
internal sealed class GapReport(IExceptionContext context, IChannel channel, ForecastInput input, MissingValues rule)
{
    /// <exception cref="InvalidOperationException">Values are missing, and that is refused; names series, row and column.</exception>
    public void Tell(TrainingSeries series)
    {
        Tell(Gaps(series, s => s.Targets, input.Targets), Invariant($"none is learned as a target, and as inputs they are treated by {rule}"));
        string[] columns = [.. input.Past.Concat(input.Future).SelectMany(covariate => Enumerable.Repeat(covariate.Name, covariate.Size))];
        Tell(Gaps(series, s => [.. s.Past, .. s.Future], columns), "as a covariate's, the last known one stands in");
    }

    private void Tell((long Count, string First) missing, string treated)
    {
        if (missing.Count == 0)
            return;
        string found = Invariant($"{Plural.Of(missing.Count, "value is", "values are")} missing, {missing.First}");
        if (rule == MissingValues.Refuse)
            throw context.Process(new InvalidOperationException(Invariant($"{found}; expected none, since {nameof(LstmForecaster.Options.MissingValues)} is {rule}.")));
        channel.Warning(MessageSensitivity.None, Invariant($"{found}; {treated}."));
    }

    private (long Count, string First) Gaps(TrainingSeries series, Func<SeriesData, float[][]> columnsOf, IReadOnlyList<string> names)
    {
        string first = "";
        long[] missing = series.OfEach<long>(1, (one, count) =>
        {
            float[][] columns = columnsOf(one);
            for (int column = 0; column < columns.Length; column++)
                for (int row = 0; row < one.KnownCount; row++)
                {
                    if (float.IsFinite(columns[column][row]))
                        continue;
                    count[0]++;
                    if (first.Length == 0)
                        first = Invariant($"the first of column '{names[column]}'{(input.Group is null ? "" : Invariant($" in series '{one.Name}'"))} {one.PlaceOf(row)}");
                }
        });
        return (missing.Sum(), series.FirstOf(first));
    }
}
