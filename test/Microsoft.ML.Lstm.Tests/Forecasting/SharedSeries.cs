using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Tests.Forecasting;

/// <summary>
/// Five series, some with gaps, covariates and rows of the future, the rows of them that a process is given, and forecasters to train on
/// them.
/// </summary>
internal static class SharedSeries
{
    private static readonly int[] s_lengths = [150, 40, 110, 9, 95];

    public static DateTime Start { get; } = new(2024, 1, 1);

    public static LstmForecaster.Options Plain(IProcessGroup group, DistributedData data) => new()
    {
        InputColumnNames = ["Value"],
        GroupColumnName = "Series",
        WindowSize = 12,
        Horizon = 4,
        HiddenSizes = [5],
        NumberOfEpochs = 2,
        WindowsPerEpoch = 120,
        BatchSize = 16,
        NumberOfThreads = 1,
        Seed = 3,
        ShardsPerBatch = 4,
        Processes = group,
        DistributedData = data,
    };

    public static LstmForecaster.Options Timed(IProcessGroup group, DistributedData data)
    {
        LstmForecaster.Options options = Plain(group, data);
        options.TimeColumnName = "Time";
        return options;
    }

    public static LstmForecaster.Options Rich(IProcessGroup group, DistributedData data)
    {
        LstmForecaster.Options options = Timed(group, data);
        options.InputColumnNames = ["Value", "Other"];
        options.PastCovariateColumnNames = ["Past"];
        options.FutureCovariateColumnNames = ["Future"];
        options.StaticCovariateColumnNames = ["Static", "Region"];
        (options.ConfidenceLowerBoundColumn, options.ConfidenceUpperBoundColumn, options.ConfidenceLevel) = ("Lower", "Upper", 0.8f);
        options.NumberOfModels = 2;
        return options;
    }

    public static IDataView Load(MLContext ml, IProcessGroup group, DistributedData data, int start = 0, int end = 5) =>
        ml.Data.LoadFromEnumerable(Own(group, data, start, end));

    // Series one after the other or, where every process is given all, by turns.
    public static IEnumerable<Row> Own(IProcessGroup group, DistributedData data, int start, int end)
    {
        if (data == DistributedData.Own)
            return Enumerable.Range(start, end - start).Where(series => OwnerOf(series, group.Size) == group.Rank).SelectMany(SeriesOf);
        IEnumerable<Row> all = Enumerable.Range(start, end - start).SelectMany(SeriesOf);
        return data == DistributedData.All ? all : all.GroupBy(row => row.Series).SelectMany(rows => rows.Chunk(7).Select((some, turn) => (turn, some)))
            .OrderBy(turn => turn.turn).SelectMany(turn => turn.some);
    }

    // Some processes have none.
    private static int OwnerOf(int series, int size) => Math.Min(size - 1, series / 2 * (size == 4 ? 2 : 1));

    public static IEnumerable<Row> SeriesOf(int series)
    {
        for (int i = 0; i < s_lengths[series]; i++)
        {
            float wave = MathF.Sin(i * 0.7f) + (0.3f * MathF.Sin(i * i * 1.3f));
            bool isMissing = (i + series) % 31 == 30;
            // Of the second a row is left out altogether, and the first ends with rows that say the future alone.
            if (series == 1 && i == 12)
                continue;
            bool isFuture = series == 0 && i >= 145;
            yield return new Row
            {
                Series = $"s{series}",
                Time = Start.AddHours(i),
                Value = isFuture ? float.NaN : series == 2 ? MathF.Exp((0.02f * i) + (0.1f * wave)) : 20 + (series * 5) + wave,
                Other = isFuture || isMissing ? float.NaN : 3 - wave + (0.01f * i),
                Past = isMissing ? float.NaN : wave * wave,
                Future = i % 24,
                Static = series * 0.5f,
                Region = (uint)((series % 2) + 1),
            };
        }
    }

    public sealed class Row
    {
        public string Series { get; set; } = "";

        public DateTime Time { get; set; }

        public float Value { get; set; }

        public float Other { get; set; }

        public float Past { get; set; }

        public float Future { get; set; }

        public float Static { get; set; }

        [KeyType(2)]
        public uint Region { get; set; }
    }
}
