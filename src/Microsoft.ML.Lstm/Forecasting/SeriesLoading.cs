using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training.Distributed;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Reads the series that this process is to hold, and makes one set of what all processes hold.</summary>
/// <param name="host">Where exceptions are said to come from.</param>
/// <param name="distribution">The processes.</param>
/// <param name="input">The columns.</param>
/// <param name="given">From one row to the next; null: as the data has it.</param>
internal sealed class SeriesLoading(IHost host, DistributionSettings distribution, ForecastInput input, TimeStep? given)
{
    /// <summary>Reads, alone or together.</summary>
    /// <param name="data">The view.</param>
    /// <param name="cancellationToken">Looked at before every row.</param>
    /// <returns>The series, and the step from one row to the next; null without a time column.</returns>
    /// <exception cref="DistributedTrainingException">The processes' data do not fit together, or another process cannot read its rows.</exception>
    public (TrainingSeries Series, TimeStep? Step) Load(IDataView data, CancellationToken cancellationToken)
    {
        var reader = new SeriesReader(host, input, data.Schema, given);
        if (distribution.Group is { Size: > 1 } group)
        {
            var lockstep = new Lockstep(group);
            return lockstep.Run(() => Load(group, lockstep, reader, data, cancellationToken));
        }
        SeriesTable table = reader.Read(data, cancellationToken);
        return (new TrainingSeries(table.Series), table.Step);
    }

    private (TrainingSeries Series, TimeStep? Step) Load(
        IProcessGroup group, Lockstep lockstep, SeriesReader reader, IDataView data, CancellationToken cancellationToken)
    {
        if (distribution.Data == DistributedData.All)
        {
            SeriesTable? table = null;
            lockstep.Together(() => table = reader.Read(data, cancellationToken));
            RequireSame(group, [.. table!.Series.Select(series => series.Name)], [.. table.Series.Select(series => series.RowCount)]);
            return (new TrainingSeries(table.Series), table.Step);
        }
        (int start, int end) = distribution.Data == DistributedData.Own ? (0, int.MaxValue)
            : ShareOf(group, lockstep, reader, data, cancellationToken);
        Queue<RawSeries>? raw = null;
        lockstep.Together(() => raw = reader.ReadRows(data, start, end, cancellationToken));
        TimeStep? step = StepOf(group, lockstep, raw!);
        IReadOnlyList<SeriesData> own = [];
        lockstep.Together(() => own = reader.ToSeries(raw!, new TimeGrid(host, input, step)));
        return (TrainingSeries.Join(group, own, input.Group is not null), step);
    }

    private static (int Start, int End) ShareOf(
        IProcessGroup group, Lockstep lockstep, SeriesReader reader, IDataView data, CancellationToken cancellationToken)
    {
        (IReadOnlyList<string> Names, IReadOnlyList<int> Rows) counted = ([], []);
        lockstep.Together(() => counted = reader.CountRows(data, cancellationToken));
        RequireSame(group, counted.Names, counted.Rows);
        int[] firsts = SeriesShares.FirstsOf(counted.Rows, group.Size);
        return (firsts[group.Rank], firsts[group.Rank + 1]);
    }

    private static void RequireSame(IProcessGroup group, IReadOnlyList<string> names, IReadOnlyList<int> rows) =>
        Handshake.Require(group, SeriesHandshake.Of(names, rows), ForecastJson.Default.SeriesHandshake);

    // That of the longest series, which one process alone has read.
    private TimeStep? StepOf(IProcessGroup group, Lockstep lockstep, IReadOnlyCollection<RawSeries> raw)
    {
        if (input.Time is null || given is not null)
            return given;
        int[] longest = new int[group.Size];
        group.GatherValues<int>([raw.Select(series => series.Count).DefaultIfEmpty().Max()], longest);
        int owner = Array.IndexOf(longest, longest.Max());
        var grid = new TimeGrid(host, input, null);
        lockstep.Together(() =>
        {
            if (group.Rank == owner && raw.Count > 0)
                grid.Infer(raw);
        });
        string code = group.Gather(grid.Step?.Code ?? "")[owner];
        return code.Length == 0 ? null : TimeStep.Parse(code);
    }
}
