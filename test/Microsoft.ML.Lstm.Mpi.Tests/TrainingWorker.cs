using System.Diagnostics;
using System.IO.Hashing;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Mpi.Tests;

/// <summary>One process of a training by the API that users have: prints what the model says, as a hash. Options make one of the processes go wrong.</summary>
internal static class TrainingWorker
{
    /// <param name="options">
    /// <c>checkpoint=FILE</c>, <c>resume=FILE</c>, <c>epochs=N</c>, <c>shards=N</c>, <c>unseeded=1</c>, <c>data=All|Share|Own</c>,
    /// <c>classify=1</c>, <c>forecast=1</c>, <c>engine=torch</c>, <c>dropout=0</c>; and of the process <c>at=RANK</c>: <c>kill=STEP</c>,
    /// <c>throw=STEP</c>, <c>differ=1</c>, <c>differ-data=All|Share|Own</c>, <c>exit=CODE</c>.
    /// </param>
    public static int Run(string[] options)
    {
        Dictionary<string, string> given = options.Select(option => option.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        int Number(string name, int otherwise) => given.TryGetValue(name, out string? value) ? int.Parse(value, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
        WorkShard process = WorkShard.FromEnvironment();
        bool isOdd = process.Index == Number("at", -1);
        var ml = new MLContext();
        ml.Log += (_, log) =>
        {
            if (log.Message.Contains("Training as process", StringComparison.Ordinal) || log.Message.Contains("Epoch 1 of", StringComparison.Ordinal))
                Console.Out.WriteLine(log.Message);
        };
        DistributedData held = Enum.Parse<DistributedData>(given.GetValueOrDefault(isOdd && given.ContainsKey("differ-data")
            ? "differ-data" : "data", "All"));
        IDataView data = ml.Data.LoadFromEnumerable(Rows(300));
        (int start, int end) = held == DistributedData.Own ? process.Range(300) : (0, 300);
        IDataView trained = ml.Data.LoadFromEnumerable(Rows(300).Take(start..end));
        int updates = 0;
        LstmRegressor trainer = ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            HiddenSizes = [12, 8],
            Engine = given.ContainsKey("engine") ? new TorchTrainingEngine() : TrainingEngine.Managed,
            Dropout = new() { LayerDropout = given.ContainsKey("dropout") ? 0 : 0.1f },
            NumberOfEpochs = Number("epochs", 3),
            LearningRate = isOdd && given.ContainsKey("differ") ? 0.02f : 0.01f,
            NumberOfThreads = 1,
            ShardsPerBatch = given.ContainsKey("shards") ? Number("shards", 4) : null,
            CheckpointPath = given.GetValueOrDefault("checkpoint"),
            CheckpointEverySteps = given.ContainsKey("checkpoint") ? 1 : null,
            DistributedData = held,
            ResumeFrom = given.GetValueOrDefault("resume"),
            Seed = given.ContainsKey("unseeded") ? null : 1,
            BatchDone = report => Go(report.Step),
        });
        // As a process would that cannot read its data.
        if (isOdd && given.ContainsKey("exit"))
            return Number("exit", 1);
        try
        {
            float[] scores = given.ContainsKey("classify") ? Classify(ml, data, trained, held)
                : given.ContainsKey("forecast") ? Forecast(ml, process, held, broken: isOdd && given["forecast"] == "broken")
                : [.. trainer.Fit(trained).Transform(data).GetColumn<float>("Score")];
            string hash = Convert.ToHexStringLower(XxHash64.Hash(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(scores)));
            Console.Out.WriteLine(Invariant(
                $"process {process.Index} of {process.Count}: {updates} updates, scores {hash} mean {scores.Average():R}"));
            return 0;
        }
        catch (InvalidOperationException e) when (given.ContainsKey("forecast"))
        {
            Console.Error.WriteLine(e.Message);
            return 3;
        }
        catch (DistributedTrainingException e)
        {
            if (process.Index == 0)
                Console.Error.WriteLine(e.Message);
            return 3;
        }

        void Go(long step)
        {
            updates++;
            if (!isOdd)
                return;
            if (step == Number("kill", -1))
                Process.GetCurrentProcess().Kill();
            if (step == Number("throw", -1))
                throw new IOException("the disk is full");
        }
    }

    // Classes count as rare as they are among the rows of all processes.
    private static float[] Classify(MLContext ml, IDataView data, IDataView trained, DistributedData held)
    {
        var classes = ml.Transforms.Conversion.MapValueToKey("Class").Fit(data);
        LstmClassifier trainer = ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options
        {
            LabelColumnName = "Class",
            HiddenSizes = [6],
            NumberOfEpochs = 2,
            NumberOfThreads = 1,
            ClassWeights = ClassWeights.Balanced,
            DistributedData = held,
            Seed = 1,
        });
        return [.. trainer.Fit(classes.Transform(trained)).Transform(classes.Transform(data)).GetColumn<float[]>("Score")
            .SelectMany(score => score)];
    }

    // Series of unequal lengths, of which a process holds some or none.
    private static float[] Forecast(MLContext ml, WorkShard process, DistributedData held, bool broken)
    {
        const int Series = 3;
        (int start, int end) = held == DistributedData.Own ? process.Range(Series) : (0, Series);
        IEnumerable<Hour> rows = SeriesRows(start, end);
        LstmForecaster trainer = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            GroupColumnName = "Series",
            TimeColumnName = "Time",
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            WindowSize = 24,
            Horizon = 6,
            HiddenSizes = [6],
            NumberOfEpochs = 2,
            NumberOfThreads = 1,
            DistributedData = held,
            Seed = 1,
        });
        LstmForecastingTransformer model = trainer.Fit(ml.Data.LoadFromEnumerable(broken ? rows.Append(SeriesRows(start, end).First()) : rows));
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(SeriesRows(0, Series)));
        return [.. new[] { "Forecast", "Lower", "Upper" }.SelectMany(column => scored.GetColumn<float[]>(column)).SelectMany(values => values)
            .Where(float.IsFinite)];
    }

    private static IEnumerable<Hour> SeriesRows(int start, int end) => Enumerable.Range(start, end - start).SelectMany(series => Enumerable.Range(0, 90 - (20 * series))
        .Select(hour => new Hour { Series = $"s{series}", Time = new DateTime(2024, 1, 1).AddHours(hour), Value = (10 * series) + MathF.Sin(hour * 0.5f) + (hour % 5 * 0.1f) }));

    private static IEnumerable<Row> Rows(int count)
    {
        for (int i = 0; i < count; i++)
            yield return new Row
            {
                Features = [.. Enumerable.Range(0, 6).Select(step => MathF.Sin((i + step) * 0.37f))],
                Label = MathF.Sin((i + 6) * 0.37f),
                Class = i < 40 ? "rare" : MathF.Sin((i + 6) * 0.37f) > 0 ? "up" : "down",
            };
    }

    private sealed class Hour
    {
        public string Series { get; set; } = "";

        public DateTime Time { get; set; }

        public float Value { get; set; }
    }

    private sealed class Row
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public string Class { get; set; } = "";
    }
}
