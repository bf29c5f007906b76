using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.SavedModels;

/// <summary>
/// What is saved once for each format version: a small model of every trainer, and every transformer that keeps something. Files and outputs lie in <c>Recorded</c>; a new format
/// version gets a folder of its own, and the old ones stay.
/// </summary>
internal static class RecordedModels
{
    private const int Rows = 40;

    /// <summary>What makes each, by name.</summary>
    public static IReadOnlyDictionary<string, Func<MLContext, IDataView, ITransformer>> Makers { get; } = new Dictionary<string, Func<MLContext, IDataView, ITransformer>>
    {
        ["regressor"] = (ml, data) => ml.Regression.Trainers.LstmRegressor(Small(new LstmRegressor.Options { Cell = CellKind.Gru, Bidirectional = true })).Fit(data),
        ["regressor-on-windows"] = (ml, data) => ml.Transforms.WindowSequence("Windows", ["Value"], 5, 2, "Next", groupColumnName: "Group")
            .Append(ml.Regression.Trainers.LstmRegressor(Small(new LstmRegressor.Options { FeatureColumnName = "Windows", LabelColumnName = "Next" }))).Fit(data),
        ["classifier"] = (ml, data) => ml.Transforms.Conversion.MapValueToKey("Key", "Class")
            .Append(ml.MulticlassClassification.Trainers.LstmClassifier(Small(new LstmClassifier.Options { LabelColumnName = "Key" }))).Fit(data),
        ["binary-classifier"] = (ml, data) => ml.BinaryClassification.Trainers.LstmBinaryClassifier(Small(new LstmBinaryClassifier.Options { LabelColumnName = "IsHigh" })).Fit(data),
        ["tagger"] = (ml, data) => ml.Transforms.Conversion.MapValueToKey("Tokens", "Words").Append(ml.Transforms.Conversion.MapValueToKey("TagKeys", "Tags"))
            .Append(ml.MulticlassClassification.Trainers.LstmTagger(Small(new LstmTagger.Options { LabelColumnName = "TagKeys", FeatureColumnName = "Tokens" }))).Fit(data),
        ["language-model"] = (ml, data) => ml.Transforms.Conversion.MapValueToKey("Tokens", "Words")
            .Append(ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options
            {
                HiddenSizes = [3], EmbeddingSize = 2, NumberOfEpochs = 1, BatchSize = 2, StepsPerBatch = 4, Seed = 1,
            })).Fit(data),
        ["forecaster"] = (ml, data) => Forecaster(ml).Fit(data),
        ["forecaster-with-series"] = (ml, data) =>
        {
            using SequenceEngine<Row, Output> engine = Forecaster(ml).Fit(data).CreateSequenceEngine<Row, Output>(ml);
            foreach (Row row in Data().Take(15))
                engine.Predict(row);
            using var stream = new MemoryStream();
            engine.CheckPoint(stream);
            stream.Position = 0;
            return ml.Model.Load(stream, out _);
        },
        ["forecaster-of-logarithms"] = (ml, data) =>
        {
            LstmForecaster.Options options = Options(horizon: 2);
            (options.InputColumnNames, options.Logarithms) = (["Level"], true);
            return ml.Forecasting.ForecastByLstm(options).Fit(data);
        },
        ["forecaster-of-spread-units"] = (ml, data) =>
        {
            LstmForecaster.Options options = Options(horizon: 2);
            options.SpreadShare = 0.5f;
            // The other series' unit is then taken from its own rows.
            return ml.Forecasting.ForecastByLstm(options).Fit(ml.Data.LoadFromEnumerable(Data().Where(row => row.Group == "a")));
        },
        ["forecaster-of-local-forecasts"] = (ml, data) =>
        {
            LstmForecaster.Options options = Options(horizon: 2);
            options.ValidationFraction = 0.3;
            // An echo of its own in each series.
            return ml.Forecasting.ForecastByLstm(options).Fit(ml.Data.LoadFromEnumerable(Enumerable.Range(0, 120).Select(i => new Row
            {
                Group = i % 2 == 0 ? "a" : "b",
                Time = new DateTime(2020, 1, 1).AddDays(i / 2),
                Value = Number(i / 2 % (i % 2 == 0 ? 3 : 4)) + (0.1f * Number(i)),
            })));
        },
        ["anomaly-detector"] = (ml, data) => ml.Transforms.DetectAnomalyByLstm(new LstmAnomalyDetector.Options { Forecaster = Options(horizon: 1) }).Fit(data),
        ["window"] = (ml, data) => ml.Transforms.WindowSequence("Window", ["Value"], 4, 2, "Next", groupColumnName: "Group", timeColumnName: "Time").Fit(data),
        ["embed-sequence"] = (ml, data) => ml.Transforms.EmbedSequence("Vectors", "Words", WordVectors.Read(new StringReader("one 1 2\nred -1 0.5\n"))).Fit(data),
    };

    /// <summary>The rows that each was made of and is applied to.</summary>
    public static Row[] Data() => [.. Enumerable.Range(0, Rows).Select(i => new Row
    {
        Features = [.. Enumerable.Range(i, 8).Select(Number)],
        Label = Number(i + 8),
        IsHigh = i % 2 == 0,
        Class = new[] { "low", "middle", "high" }[i % 3],
        Words = [new[] { "one", "two", "red" }[i % 3], new[] { "fish", "hen" }[i % 2], "end"],
        Tags = [i % 3 == 0 ? "B-X" : "O", "O", "I-X"],
        Group = i % 2 == 0 ? "a" : "b",
        Time = new DateTime(2020, 1, 1).AddDays(i / 2),
        Value = Number(i),
        Level = 1 + Number(i),
    })];

    /// <summary>What a model adds to the rows: the first column of numbers of these names, as doubles.</summary>
    public static double[] Outputs(MLContext ml, ITransformer model)
    {
        IDataView scored = model.Transform(ml.Data.LoadFromEnumerable(Data()));
        string name = new[] { "Score", "Forecast", "Anomaly", "Window", "Vectors", "Logits", "NextToken" }.First(name => scored.Schema.GetColumnOrNull(name) is not null);
        return scored.Schema[name].Type switch
        {
            VectorDataViewType { ItemType.RawType: var type } when type == typeof(double) => [.. scored.GetColumn<double[]>(name).SelectMany(row => row)],
            VectorDataViewType => [.. scored.GetColumn<float[]>(name).SelectMany(row => row).Select(value => (double)value)],
            _ => [.. scored.GetColumn<float>(name).Select(value => (double)value)],
        };
    }

    private static float Number(int i) => (i * 37 % 11) / 8f;

    private static LstmForecaster Forecaster(MLContext ml) => ml.Forecasting.ForecastByLstm(Options(horizon: 2));

    private static LstmForecaster.Options Options(int horizon) => new()
    {
        InputColumnNames = ["Value"], GroupColumnName = "Group", TimeColumnName = "Time", WindowSize = 5, Horizon = horizon, HiddenSizes = [3], NumberOfEpochs = 1,
        ValidationFraction = 0.3, Seed = 1,
    };

    private static T Small<T>(T options)
        where T : RecurrentTrainerOptions
    {
        (options.HiddenSizes, options.NumberOfEpochs, options.Seed, options.EmbeddingSize) = ([3], 1, 1, 2);
        return options;
    }

    internal sealed class Row
    {
        [VectorType(4, 2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public bool IsHigh { get; set; }

        public string Class { get; set; } = "";

        public string[] Words { get; set; } = [];

        public string[] Tags { get; set; } = [];

        public string Group { get; set; } = "";

        public DateTime Time { get; set; }

        public float Value { get; set; }

        public float Level { get; set; }
    }

    internal sealed class Output
    {
        public float[] Forecast { get; set; } = [];
    }
}
