using System.Reflection;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Tests.Trainers;

public sealed class OptionDefaultsTests
{
    private static readonly Dictionary<string, string> s_names = new() { ["NumberOfEpochs"] = "Epochs", ["NumberOfThreads"] = "Threads", ["Dropout"] = "Regularization" };

    [Fact]
    public void Defaults_OfEstimatorsEngineAndLoop_Agree()
    {
        object[] inside = [new EngineOptions(), new TrainingOptions()];
        var options = new LstmRegressor.Options();
        int compared = 0;
        foreach (PropertyInfo property in typeof(RecurrentNetworkOptions).GetProperties())
            foreach (object other in inside)
                if (property.Name != nameof(options.Schedule) && other.GetType().GetProperty(s_names.GetValueOrDefault(property.Name, property.Name)) is { } same
                    && same.PropertyType == property.PropertyType)
                {
                    Assert.True(Equals(property.GetValue(options), same.GetValue(other)),
                        $"{property.Name} is {property.GetValue(options)}; expected {same.GetValue(other)}, as {other.GetType().Name}.{same.Name}.");
                    compared++;
                }
        Assert.True(compared >= 18, $"Only {compared} options were found on both sides.");
        Assert.Equal(LearningRateSchedule.Constant(options.DefaultLearningRate), new TrainingOptions().Schedule);
        Assert.Same(TrainingEngine.Managed, options.Engine);
    }
}
