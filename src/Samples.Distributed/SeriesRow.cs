namespace Samples.Distributed;

/// <summary>An hour of one of many series: a day and a week, of sizes and phases of their own, and noise.</summary>
internal sealed class SeriesRow
{
    public string Series { get; set; } = "";

    public float Value { get; set; }

    /// <summary>How many series there are.</summary>
    public static int Count(bool quick) => quick ? 12 : 400;

    /// <summary>The rows of some of them; the same in every process.</summary>
    public static IEnumerable<SeriesRow> Of(int first, int end, bool quick)
    {
        int hours = quick ? 240 : 1500;
        for (int series = first; series < end; series++)
        {
            var random = new Random(series);
            double level = 20 + (80 * random.NextDouble()), daily = 0.3 * level * random.NextDouble(), weekly = 0.2 * level * random.NextDouble(), phase = random.NextDouble();
            for (int hour = 0; hour < hours; hour++)
                yield return new SeriesRow
                {
                    Series = FormattableString.Invariant($"series {series:D4}"),
                    Value = (float)(level + (daily * Math.Sin(2 * Math.PI * ((hour / 24.0) + phase))) + (weekly * Math.Sin(2 * Math.PI * hour / 168.0)) + (0.05 * level * random.NextDouble())),
                };
        }
    }
}
