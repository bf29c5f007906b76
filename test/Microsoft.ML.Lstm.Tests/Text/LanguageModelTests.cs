using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Tests.Estimators;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Tests.Text;

public class LanguageModelTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void LstmLanguageModel_Keys_KeepsToWhatEveryEstimatorKeepsTo() =>
        CheckEstimator.Run(_ml, _ml.Transforms.Text.LstmLanguageModel(Sentences.Quick()), Sentences.Words(_ml, 12), ["Tokens"], ["Tokens"]);

    [Fact]
    public void Fit_TextOfWords_IsLearned()
    {
        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(Sentences.Thorough()).Fit(Sentences.Words(_ml, 60));

        LanguageModelMetrics metrics = model.Evaluate(Sentences.Words(_ml, 30));
        // Of five tokens per row, the first alone is a choice, of three.
        Assert.Equal(30 * 5, metrics.TokenCount);
        Assert.InRange(metrics.Accuracy, 0.8, 0.95);
        Assert.InRange(metrics.CrossEntropy, 0.02, 0.35);
        Assert.Equal(["<unk>", "<eos>", "one", "fish"], model.Vocabulary.Take(4));
        Assert.Equal(0, metrics.UnknownTokenCount);
    }

    [Fact]
    public void Transform_Row_SaysWhatFollows()
    {
        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(Sentences.Thorough()).Fit(Sentences.Words(_ml, 60));
        ITransformer words = Sentences.WordPipeline(_ml).Fit(Sentences.Load(_ml, 30));
        IDataView rows = words.Transform(_ml.Data.LoadFromEnumerable<Line>([new() { Text = "one fish" }, new() { Text = "old" }, new() { Text = "red hen blue hen" }]));

        IDataView scored = model.Append(_ml.Transforms.Conversion.MapKeyToValue("Next", "PredictedLabel").Fit(model.Transform(rows))).Transform(rows);

        Assert.Equal(["two", "cow", "<eos>"], scored.GetColumn<string>("Next"));
        Assert.All(scored.GetColumn<float[]>("Score"), score => Assert.Equal(1, score.Sum(), 1e-4));
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Score"].GetSlotNames(ref names);
        Assert.Equal(model.Vocabulary, names.DenseValues().Select(n => n.ToString()));
    }

    [Fact]
    public void Predict_Row_SaysWhatFollows()
    {
        IEstimator<ITransformer> pipeline = Sentences.WordPipeline(_ml).Append(_ml.Transforms.Text.LstmLanguageModel(Sentences.Thorough()))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Next", "PredictedLabel"));

        using PredictionEngine<Line, Guess> engine = _ml.Model.CreatePredictionEngine<Line, Guess>(pipeline.Fit(Sentences.Load(_ml, 60)));

        Assert.Equal(["fish", "hen"], new[] { engine.Predict(new() { Text = "one fish two" }).Next, engine.Predict(new() { Text = "red hen blue" }).Next });
    }

    [Fact]
    public void Fit_Characters_NeedNoMoreOutputsThanTheTextHas()
    {
        LstmLanguageModel.Options options = Sentences.Quick();
        options.EndOfRowToken = "\n";

        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Characters(_ml, 12));

        string[] characters = [.. string.Concat(Sentences.Lines(12).Select(l => l.Text)).Distinct().Order().Select(c => c.ToString())];
        Assert.Equal(["<unk>", "\n", .. characters], model.Vocabulary);
        LanguageModelMetrics metrics = model.Evaluate(Sentences.Characters(_ml, 12));
        Assert.Equal(metrics.BitsPerToken, metrics.BitsPerCharacter, 1e-12);
    }

    [Fact]
    public void Evaluate_BitsPerCharacter_CountSpacesAndRowEnds()
    {
        LanguageModelMetrics metrics = _ml.Transforms.Text.LstmLanguageModel(Sentences.Quick()).Fit(Sentences.Words(_ml, 12)).Evaluate(Sentences.Words(_ml, 12));

        // Every word is followed by a space, every row by its end.
        int characters = Sentences.Lines(12).Sum(l => l.Text.Length + 2);
        Assert.Equal(metrics.BitsPerToken * metrics.TokenCount / characters, metrics.BitsPerCharacter, 1e-12);
        Assert.Equal(Math.Exp(metrics.CrossEntropy), metrics.Perplexity, 1e-12);
    }

    [Fact]
    public void Fit_NoEndOfRow_RowsRunOn()
    {
        LstmLanguageModel.Options options = Sentences.Thorough();
        options.EndOfRowToken = null;

        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Words(_ml, 60));

        Assert.DoesNotContain("<eos>", model.Vocabulary);
        Assert.Equal(30 * 4 - 1, model.Evaluate(Sentences.Words(_ml, 30)).TokenCount);
        Assert.InRange(model.Evaluate(Sentences.Words(_ml, 30)).Accuracy, 0.75, 1);
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameBitsWhateverTheThreads()
    {
        double Loss(int seed, int threads)
        {
            LstmLanguageModel.Options options = Sentences.Quick();
            (options.Seed, options.NumberOfThreads) = (seed, threads);
            return _ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Words(_ml, 12)).Evaluate(Sentences.Words(_ml, 12)).CrossEntropy;
        }

        Assert.Equal(Loss(3, 1), Loss(3, 2));
        Assert.NotEqual(Loss(3, 1), Loss(4, 1));
    }

    [Fact]
    public void Fit_ResumedAfterInterruption_GivesTheSameBits()
    {
        string path = Path.GetTempFileName();
        LstmLanguageModel.Options Options() => new() { HiddenSizes = [16], BatchSize = 4, StepsPerBatch = 3, NumberOfEpochs = 3, NumberOfThreads = 1, Seed = 1 };
        double Loss(LstmLanguageModel.Options options) => _ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Words(_ml, 12)).Evaluate(Sentences.Words(_ml, 12)).CrossEntropy;
        try
        {
            using var source = new CancellationTokenSource();
            LstmLanguageModel.Options interrupted = Options(), resumed = Options();
            (interrupted.CheckpointPath, interrupted.CheckpointEverySteps, interrupted.CancellationToken) = (path, 1, source.Token);
            // In the middle of the second epoch, so that a state is carried.
            interrupted.BatchDone = batch =>
            {
                if (batch is { Epoch: 1, Batch: 2 })
                    source.Cancel();
            };
            Assert.Throws<OperationCanceledException>(() => Loss(interrupted));
            resumed.ResumeFrom = path;

            Assert.Equal(Loss(Options()), Loss(resumed));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Fit_OptionsOfZaremba_AreTaken()
    {
        LstmLanguageModel.Options options = Sentences.Thorough();
        (options.EmbeddingSize, options.TiedEmbeddings, options.HiddenSizes) = (null, true, [24, 16]);
        options.Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd };
        (options.LearningRate, options.Schedule, options.ClipNorm) = (null, LearningRateSchedule.Exponential(1, 0.93f, 10), 5);
        options.Dropout = new RegularizationSpec { InputDropout = 0.1f, LayerDropout = 0.1f, OutputDropout = 0.1f };

        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(options).Fit(Sentences.Words(_ml, 60));

        Assert.InRange(model.Evaluate(Sentences.Words(_ml, 30)).Perplexity, 1, 3);
        Assert.True(model.History.Epochs[^1].LearningRate < 0.2f);
    }

    [Fact]
    public void Evaluate_LongText_EqualsTokenByToken()
    {
        LstmLanguageModelTransformer model = _ml.Transforms.Text.LstmLanguageModel(Sentences.Quick()).Fit(Sentences.Words(_ml, 12));
        IDataView data = Sentences.Words(_ml, 200);
        uint[] keys = [.. data.GetColumn<uint[]>("Tokens").SelectMany(row => row.Append(0u))];

        // 1,000 tokens do not fit into one stretch.
        double sum = 0;
        ScoringSession session = Model(model).CreateSession();
        float[] logits = new float[model.Vocabulary.Count];
        int token = 1;
        foreach (uint key in keys)
        {
            session.Step([], token, logits);
            token = key == 0 ? 1 : (int)key + 1;
            sum += Math.Log(logits.Sum(y => Math.Exp(y))) - logits[token];
        }

        Assert.Equal(sum / keys.Length, model.Evaluate(data).CrossEntropy, 1e-6);
    }

    private static NetworkScorer Model(LstmLanguageModelTransformer model)
    {
        using var stream = new MemoryStream();
        var ml = new MLContext();
        ml.Model.Save(model, null, stream);
        stream.Position = 0;
        using var zip = new System.IO.Compression.ZipArchive(stream);
        using Stream entry = zip.Entries.Single(e => e.FullName.EndsWith("Network.safetensors", StringComparison.Ordinal)).Open();
        var file = Persistence.ModelFile.Read(entry);
        return new NetworkScorer(file.Spec, file.Weights.Span);
    }

    private sealed class Guess
    {
        public string Next { get; set; } = "";
    }
}
