using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Lstm;

namespace Samples.Distributed;

/// <summary>Work whose pieces do not depend on each other: each process takes a contiguous share of the series and writes a file of its own.</summary>
internal static class Scoring
{
    public static int Run(string path, string folder, WorkShard shard, bool quick)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(path, out _);
        (int start, int end) = shard.Range(SeriesRow.Count(quick));
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, FormattableString.Invariant($"forecasts-{shard.Index:D5}-of-{shard.Count:D5}.csv")), draft = file + ".draft";
        using (var writer = new StreamWriter(draft))
        {
            // A header in the first file alone: cat forecasts-*.csv > forecasts.csv
            if (shard.Index == 0)
                writer.WriteLine("series,step,forecast");
            IDataView data = ml.Data.LoadFromEnumerable(SeriesRow.Of(start, end, quick));
            foreach (IGrouping<string, Forecasted> series in ml.Data.CreateEnumerable<Forecasted>(model.Transform(data), reuseRowObject: false).GroupBy(row => row.Series))
                foreach ((int step, float value) in series.Last().Forecast.Index())
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{series.Key},{step + 1},{value}"));
        }
        // A file is there when it is whole: a piece that is run again replaces it.
        File.Move(draft, file, overwrite: true);
        Console.WriteLine(FormattableString.Invariant($"shard {shard}: series {start} to {end - 1} in '{file}'"));
        return 0;
    }

    private sealed class Forecasted
    {
        public string Series { get; set; } = "";

        public float[] Forecast { get; set; } = [];
    }
}
