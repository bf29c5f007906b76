using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>Trains on sliding windows that would be 3.2 GB if they were materialised, through the whole pipeline, and prints the process' peak memory.</summary>
internal static class MemoryRun
{
    private const int Rows = 1_000_000, WindowLength = 100, Features = 8;

    public static string ToJson()
    {
        var ml = new MLContext(seed: 1);
        string[] inputs = [.. Enumerable.Range(1, Features).Select(i => "X" + i)];
        IDataView series = ml.Data.LoadFromEnumerable(Enumerable.Range(0, Rows).Select(Observation));
        var pipeline = ml.Transforms.WindowSequence("Window", inputs, windowLength: WindowLength, horizon: 1, labelColumnName: "Next")
            .Append(ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
            {
                LabelColumnName = "Next",
                FeatureColumnName = "Window",
                HiddenSizes = [8],
                BatchSize = 256,
                NumberOfEpochs = 1,
            }));
        long start = Stopwatch.GetTimestamp();
        pipeline.Fit(series);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        using Process process = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture,
            $"{{\"rows\": {Rows}, \"window\": [{WindowLength}, {Features}], \"seconds\": {seconds:0.0}, \"peak_working_set_mb\": {process.PeakWorkingSet64 / 1048576.0:0.0}}}");
    }

    private static Row Observation(int t) => new()
    {
        X1 = MathF.Sin(t * 0.01f), X2 = MathF.Sin(t * 0.02f), X3 = MathF.Sin(t * 0.03f), X4 = MathF.Sin(t * 0.05f),
        X5 = MathF.Sin(t * 0.07f), X6 = MathF.Sin(t * 0.11f), X7 = MathF.Sin(t * 0.13f), X8 = MathF.Sin(t * 0.17f),
    };

    private sealed class Row
    {
        public float X1 { get; set; }

        public float X2 { get; set; }

        public float X3 { get; set; }

        public float X4 { get; set; }

        public float X5 { get; set; }

        public float X6 { get; set; }

        public float X7 { get; set; }

        public float X8 { get; set; }
    }
}
