using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Trainers;

/// <summary>Sizes that no machine can take are refused by every trainer in a sentence: the option, its value, the bound; and before memory is taken.</summary>
public sealed class OptionBoundTests
{
    private const long FewBytes = 64 << 20;
    private static readonly MLContext s_ml = new(1);

    private static readonly Dictionary<string, Func<Action<RecurrentNetworkOptions>, IEstimator<ITransformer>>> s_trainers = new()
    {
        ["regressor"] = set => s_ml.Regression.Trainers.LstmRegressor(With(new LstmRegressor.Options { LabelColumnName = "Number", FeatureColumnName = "Tokens" }, set)),
        ["classifier"] = set => s_ml.MulticlassClassification.Trainers.LstmClassifier(With(new LstmClassifier.Options { LabelColumnName = "Class", FeatureColumnName = "Tokens" }, set)),
        ["binary classifier"] = set => s_ml.BinaryClassification.Trainers.LstmBinaryClassifier(With(new LstmBinaryClassifier.Options { LabelColumnName = "Flag", FeatureColumnName = "Tokens" }, set)),
        ["tagger"] = set => s_ml.MulticlassClassification.Trainers.LstmTagger(With(new LstmTagger.Options { LabelColumnName = "Tags", FeatureColumnName = "Tokens" }, set)),
        ["language model"] = set => s_ml.Transforms.Text.LstmLanguageModel(With(new LstmLanguageModel.Options { InputColumnName = "Words" }, set)),
        ["forecaster"] = set => s_ml.Forecasting.ForecastByLstm(With(new LstmForecaster.Options { InputColumnNames = ["Number"], WindowSize = 4, Horizon = 2 }, set)),
    };

    private static readonly (string Expected, Action<RecurrentNetworkOptions> Set)[] s_bounds =
    [
        ("HiddenSizes is 100000; expected less: the recurrent weights of layer 0 would take 160", o => o.HiddenSizes = [100_000]),
        ("HiddenSizes is 2147483647; expected less: the input weights of layer 1 would take", o => o.HiddenSizes = [4, int.MaxValue]),
        ("HiddenSizes is 1001 layers; expected at most 1000 layers", o => o.HiddenSizes = [.. Enumerable.Repeat(1, 1001)]),
        ("NumberOfThreads is 100000; expected 1 or more and at most 1024", o => o.NumberOfThreads = 100_000),
        ("NumberOfThreads is 2147483647; expected 1 or more and at most 1024", o => o.NumberOfThreads = int.MaxValue),
        ("BatchSize is 2147483647; expected 1 or more and at most 1048576", o => o.BatchSize = int.MaxValue),
        ("EmbeddingSize is 2147483647; expected less: ", o => o.EmbeddingSize = int.MaxValue),
    ];

    public static TheoryData<string, int> Cases
    {
        get
        {
            var cases = new TheoryData<string, int>();
            foreach (string trainer in s_trainers.Keys)
                for (int i = 0; i < s_bounds.Length; i++)
                    if (trainer != "forecaster" || !s_bounds[i].Expected.StartsWith("Embedding", StringComparison.Ordinal))
                        cases.Add(trainer, i);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fit_SizeBeyondAnyMachine_NamesOptionValueAndBound(string trainer, int bound)
    {
        (string expected, Action<RecurrentNetworkOptions> set) = s_bounds[bound];
        long before = GC.GetAllocatedBytesForCurrentThread();

        string message = Assert.ThrowsAny<ArgumentException>(() => s_trainers[trainer](set).Fit(Data(6))).Message;

        Assert.StartsWith(expected, message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 1, 300);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FewBytes);
    }

    [Fact]
    public void Fit_LargestBatch_TakesWhatThereIs() => Assert.NotNull(s_trainers["regressor"](o => o.BatchSize = 1 << 20).Fit(Data(40)));

    [Fact]
    public void Fit_BatchBeyondMemory_NamesTheMemoryBeforeItIsTaken()
    {
        IEstimator<ITransformer> estimator = s_trainers["regressor"](o => (o.BatchSize, o.HiddenSizes) = (1 << 20, [20_000]));

        string message = Assert.Throws<InvalidOperationException>(() => estimator.Fit(Data(1200, 300))).Message;

        // With memory enough it is the length of a matrix that is told.
        Assert.Matches(@"^A batch of 1200 sequences of up to 300 steps (needs about [\d.]+ GB in this network; expected at most [\d.]+ GB|has 360000 steps in all; expected at most \d+ )", message);
    }

    [Fact]
    public void LstmRegressor_MostLayers_NamesTheArgument()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => s_ml.Regression.Trainers.LstmRegressor(numberOfLayers: int.MaxValue)).Message;

        Assert.StartsWith("numberOfLayers is 2147483647; expected 1 to 1000", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Label")]
    [InlineData("Tokens")]
    public void Fit_KeysOfMostValues_NamesColumnAndBound(string column)
    {
        IDataView data = s_ml.Data.LoadFromEnumerable([new Huge()]);
        LstmClassifier trainer = column == "Label"
            ? s_ml.MulticlassClassification.Trainers.LstmClassifier("Key", "Values")
            : s_ml.MulticlassClassification.Trainers.LstmClassifier("Class", "Keys");

        string message = Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message;

        Assert.Contains("expected keys of at most 16777216 values, got ", message, StringComparison.Ordinal);
        Assert.Contains(column == "Label" ? "label column 'Key'" : "column 'Keys'", message, StringComparison.Ordinal);
    }

    private static T With<T>(T options, Action<RecurrentNetworkOptions> set)
        where T : RecurrentNetworkOptions
    {
        (options.HiddenSizes, options.NumberOfEpochs, options.NumberOfThreads, options.ValidationFraction) = ([2], 1, 1, 0);
        set(options);
        return options;
    }

    private static IDataView Data(int rows, int steps = 3)
    {
        IDataView data = s_ml.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => new Row
        {
            Number = i % 7,
            Class = (uint)(i % 2),
            Flag = i % 2 == 0,
            Tokens = [.. Enumerable.Range(0, steps).Select(t => (uint)((t + i) % 2) + 1)],
            Tags = [.. Enumerable.Range(0, steps).Select(t => (uint)((t + i) % 2) + 1)],
            Text = "a b a",
        }));
        return s_ml.Transforms.Text.TokenizeIntoWords("Words", "Text").Append(s_ml.Transforms.Conversion.MapValueToKey("Words")).Fit(data).Transform(data);
    }

    private sealed class Row
    {
        public float Number { get; set; }

        [KeyType(2)]
        public uint Class { get; set; }

        public bool Flag { get; set; }

        [KeyType(2)]
        public uint[] Tokens { get; set; } = [];

        [KeyType(2)]
        public uint[] Tags { get; set; } = [];

        public string Text { get; set; } = "";
    }

    private sealed class Huge
    {
        [KeyType(uint.MaxValue)]
        public uint Key { get; set; } = 1;

        [KeyType(2)]
        public uint Class { get; set; } = 1;

        [KeyType(uint.MaxValue)]
        public uint[] Keys { get; set; } = [1, 2];

        public float[] Values { get; set; } = [1, 2];
    }
}
