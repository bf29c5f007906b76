using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Fuzz.Mutations;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>Every format that a file of this library comes in, with a valid file of each trainer.</summary>
internal static class AllTargets
{
    private static readonly IMutation[] Tensors = [new SafetensorsMutation(), new SafetensorsMutation(), new SafetensorsMutation(), new BytesMutation()];

    /// <summary>Trains what is to be attacked.</summary>
    /// <param name="folder">For checkpoints.</param>
    public static List<IFuzzTarget> Create(string folder)
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Rows.Many(40));
        var keys = ml.Transforms.Conversion.MapValueToKey("Key", "Class")
            .Append(ml.Transforms.Conversion.MapValueToKey("Tokens", "Words"))
            .Append(ml.Transforms.Conversion.MapValueToKey("TagKeys", "Tags"));
        IDataView keyed = keys.Fit(data).Transform(data);
        var vectors = WordVectors.Read(new StringReader("one 1 2\nred -1 0.5\nhen 3 -2\n"));
        string[] series = ["Value"];
        List<IFuzzTarget> targets = [];
        Add("regressor", ml.Regression.Trainers.LstmRegressor(Quick(new LstmRegressor.Options { HiddenSizes = [3] })), data);
        Add("gru regressor", ml.Regression.Trainers.LstmRegressor(Quick(new LstmRegressor.Options { HiddenSizes = [3, 2], Cell = CellKind.Gru, Bidirectional = true })), data);
        var onWindows = ml.Transforms.WindowSequence("Windows", series, 6, 2, "Next").Append(ml.Regression.Trainers.LstmRegressor(Quick(new LstmRegressor.Options
        {
            HiddenSizes = [3], FeatureColumnName = "Windows", LabelColumnName = "Next", LinearSkip = true,
        })));
        Add("regressor on windows", onWindows, data);
        Add("classifier", ml.MulticlassClassification.Trainers.LstmClassifier(Quick(new LstmClassifier.Options { LabelColumnName = "Key", HiddenSizes = [3] })), keyed);
        Add("binary classifier", ml.BinaryClassification.Trainers.LstmBinaryClassifier(Quick(new LstmBinaryClassifier.Options { LabelColumnName = "IsHigh", HiddenSizes = [3] })), data);
        Add("tagger", ml.MulticlassClassification.Trainers.LstmTagger(Quick(new LstmTagger.Options { LabelColumnName = "TagKeys", FeatureColumnName = "Tokens", HiddenSizes = [3] })), keyed);
        Add("language model", ml.Transforms.Text.LstmLanguageModel(new LstmLanguageModel.Options { HiddenSizes = [3], EmbeddingSize = 2, NumberOfEpochs = 1, NumberOfThreads = 1, BatchSize = 2, StepsPerBatch = 4, Seed = 1 }), keyed);
        targets.Add(new ZipEntryTarget("vectors", Zip(ml.Transforms.EmbedSequence("Vectors", "Words", vectors), data), "Vectors.safetensors", data, Tensors));
        targets.Add(new ZipEntryTarget(
            "window", Zip(ml.Transforms.WindowSequence("Window", series, 3, 2, "Next", groupColumnName: "Group"), data), "Window.json", data, new JsonMutation(), new JsonMutation(), new BytesMutation()));
        var forecaster = new LstmForecaster.Options
        {
            InputColumnNames = series, WindowSize = 6, Horizon = 2, HiddenSizes = [3], NumberOfEpochs = 1, NumberOfThreads = 1, Seed = 1, ConfidenceLevel = 0.8f,
        };
        targets.Add(new ZipEntryTarget("forecaster", Zip(ml.Forecasting.ForecastByLstm(forecaster), data), "Forecast.safetensors", data, Tensors));
        LstmForecastingTransformer plain = ml.Forecasting.ForecastByLstm(forecaster).Fit(data);
        targets.Add(new SessionTarget(plain.Model, Tensors));
        targets.Add(new ZipEntryTarget("forecaster with series", CheckPoint(plain), "Series.safetensors", data, Tensors));
        byte[] detector = Zip(ml.Transforms.DetectAnomalyByLstm(new LstmAnomalyDetector.Options { Forecaster = Detecting() }), data);
        targets.Add(new ZipEntryTarget("anomaly detector", detector, "Forecast.safetensors", data, Tensors));
        targets.Add(new ForeignWeightsTarget(folder, ml.Regression.Trainers.LstmRegressor(Quick(new LstmRegressor.Options { HiddenSizes = [3] })).Fit(data).Model, Tensors));
        targets.Add(new InitialModelTarget((ZipEntryTarget)targets[0], data));
        targets.Add(new ModelFileTarget(targets[0].Valid, Tensors));
        targets.Add(new CheckpointTarget(folder, isStateful: false, Tensors));
        targets.Add(new CheckpointTarget(folder, isStateful: true, Tensors));
        targets.Add(new WordVectorsTarget(hasHeader: false, new WordsMutation(), new BytesMutation()));
        targets.Add(new WordVectorsTarget(hasHeader: true, new WordsMutation(), new BytesMutation()));
        return targets;

        void Add(string name, IEstimator<ITransformer> trainer, IDataView rows) =>
            targets.Add(new ZipEntryTarget(name, Zip(trainer, rows), "Network.safetensors", rows, Tensors));

        byte[] CheckPoint(LstmForecastingTransformer model)
        {
            using SequenceEngine<Rows, Forecast> engine = model.CreateSequenceEngine<Rows, Forecast>(ml);
            foreach (Rows row in Rows.Many(10))
                engine.Predict(row);
            var stream = new MemoryStream();
            engine.CheckPoint(stream);
            return stream.ToArray();
        }

        byte[] Zip(IEstimator<ITransformer> estimator, IDataView rows)
        {
            var stream = new MemoryStream();
            ml.Model.Save(estimator.Fit(rows), rows.Schema, stream);
            return stream.ToArray();
        }
    }

    private static LstmForecaster.Options Detecting() => new()
    {
        InputColumnNames = ["Value"], WindowSize = 6, Horizon = 1, HiddenSizes = [3], NumberOfEpochs = 1, NumberOfThreads = 1, ValidationFraction = 0.3, Seed = 1,
    };

    private static T Quick<T>(T options)
        where T : RecurrentTrainerOptions
    {
        (options.NumberOfEpochs, options.NumberOfThreads, options.Seed, options.EmbeddingSize) = (1, 1, 1, 2);
        return options;
    }

    private sealed class Forecast
    {
        [ColumnName("Forecast")]
        public float[] Values { get; set; } = [];
    }
}
