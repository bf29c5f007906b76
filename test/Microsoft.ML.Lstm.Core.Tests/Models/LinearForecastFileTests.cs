using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

/// <summary>A model of a network beside a linear forecast: what it predicts, its file, and files that lie.</summary>
public sealed class LinearForecastFileTests
{
    private static readonly NetworkSpec s_spec = new() { InputSize = 1, HiddenSizes = [3], OutputSize = 2 };
    private static readonly float[] s_window = [3, 5, 4, 7];

    [Fact]
    public void Predict_LinearForecast_IsAddedToWhatTheNetworkSaysAtTheWindowsLevel()
    {
        RecurrentModel without = Model(linear: null), with = Model(new LinearForecast([0.5f, -1, 2, 0, 0, 1, 0, 3], [10, -1]));

        float[] network = without.Predict(s_window), found = with.Predict(s_window);

        // Less its last value the window is -4, -2, -3, 0.
        Assert.Equal(network[0] + 10 - 2 + 2 - 6, found[0], 1e-5f);
        Assert.Equal(network[1] - 1 - 2, found[1], 1e-5f);
        Assert.Throws<InvalidOperationException>(() => with.CreateScorer().Step([1]));
    }

    [Fact]
    public void Load_Saved_PredictsTheSameBits()
    {
        RecurrentModel model = Model(new LinearForecast([0.5f, -1, 2, 0, 0, 1, 0, 3], [10, -1]));

        RecurrentModel loaded = RecurrentModel.Load(Saved(model));

        Assert.Equal(model.Predict(s_window), loaded.Predict(s_window));
        Assert.Contains("on a linear forecast from the last 4 rows", loaded.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 2, "number of targets of the linear forecast is 3; expected 2", "F32 of [targets, up to 400] and [targets], targets 1 to 2")]
    [InlineData(1, 2, "number of targets of the linear forecast is 1; expected 2", null)]
    [InlineData(2, 5, "length of the linear forecast is 5; expected at most 4", null)]
    [InlineData(2, 401, "", "shape [2, 401]; expected F32 of [targets, up to 400]")]
    public void Load_LinearForecastThatDoesNotFit_IsRefused(int targets, int length, string message, string? before)
    {
        RecurrentModel model = Model(new LinearForecast(new float[targets * length], new float[targets]));

        Assert.Contains(before ?? message, Assert.Throws<InvalidDataException>(() => RecurrentModel.Load(Saved(model))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_LinearForecastOfWindowsThatVaryInLength_IsRefused()
    {
        RecurrentModel model = Model(new LinearForecast(new float[4], new float[2]), steps: null);

        Assert.Contains("windows vary in length", Assert.Throws<InvalidDataException>(() => RecurrentModel.Load(Saved(model))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LinearForecast_WeightsThatCannotBe_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new LinearForecast([], []));
        Assert.Throws<ArgumentException>(() => new LinearForecast(new float[3], new float[2]));
        Assert.Contains("weight NaN", Assert.Throws<ArgumentException>(() => new LinearForecast([1, float.NaN], [1, 2])).Message, StringComparison.Ordinal);
    }

    private static RecurrentModel Model(LinearForecast? linear, int? steps = 4)
    {
        var window = new WindowTransform { Normalization = WindowNormalization.LastValue, TargetFeatures = [0], Linear = linear };
        ModelFile file = TestModel.File(s_spec, window: window);
        var input = new ModelInput { Features = new ModelColumn { Name = "Features", StepSize = 1, StepCount = steps } };
        return new RecurrentModel(file, window, input, ModelHead.Of(new ScoreValues(2, false, ["y0", "y1"], false, false)),
            new TrainingHistory([new EpochReport { Loss = 1 }], TrainingEnd.Completed, 0), new NetworkDiagnosis());
    }

    private static MemoryStream Saved(RecurrentModel model)
    {
        var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        return stream;
    }
}
