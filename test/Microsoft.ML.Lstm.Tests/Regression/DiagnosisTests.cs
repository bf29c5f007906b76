using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Tests.Regression;

/// <summary>What the doctor finds reaches the model, its file, and ML.NET's log.</summary>
public class DiagnosisTests
{
    [Fact]
    public void Fit_NetworkThatDoesNotLearn_SaysSoInLogAndSavedModel()
    {
        var ml = new MLContext(1);
        var warnings = new List<string>();
        ml.Log += (_, e) =>
        {
            if (e.Kind == ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        IDataView data = Load(ml);
        LstmRegressor.Options options = Options();
        options.ScaleFeatures = options.ScaleLabels = false;
        options.LearningRate = 1e-6f;

        LstmRegressionTransformer model = ml.Regression.Trainers.LstmRegressor(options).Fit(data);

        Finding finding = Assert.IsType<Finding>(model.Diagnosis[FindingCode.LearningRateTooLow] ?? model.Diagnosis[FindingCode.AtBaseline] ?? model.Diagnosis[FindingCode.UnscaledTargets]);
        Assert.Contains(warnings, warning => warning.Contains(finding.Code.ToString()));
        using var file = new MemoryStream();
        ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        var reloaded = (LstmRegressionTransformer)new MLContext().Model.Load(file, out _);
        Assert.Equal(model.Diagnosis.ToJson(), reloaded.Diagnosis.ToJson());
    }

    [Fact]
    public void Fit_NetworkThatLearns_HasNoFinding()
    {
        var ml = new MLContext(1);

        LstmRegressionTransformer model = ml.Regression.Trainers.LstmRegressor(Options()).Fit(Load(ml));

        Assert.True(model.Diagnosis.IsHealthy, model.Diagnosis.ToString());
    }

    private static LstmRegressor.Options Options() => new() { HiddenSizes = [8], NumberOfEpochs = 15, LearningRate = 0.01f, Optimizer = new OptimizerSpec(), Seed = 1 };

    /// <summary>A noisy sum of the steps, in a unit of thousands.</summary>
    private static IDataView Load(MLContext ml)
    {
        var random = new Random(5);
        return ml.Data.LoadFromEnumerable(Enumerable.Range(0, 800).Select(_ =>
        {
            float[] steps = [.. Enumerable.Range(0, 6).Select(_ => (float)(1000 * random.NextDouble()))];
            float weighted = steps.Select((x, t) => x * (t + 1)).Sum();
            return new Row { Features = steps, Label = weighted + (float)(300 * random.NextDouble()) };
        }).ToArray());
    }

    private sealed class Row
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
