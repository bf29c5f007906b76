using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public class LearningRateScheduleTests
{
    [Fact]
    public void At_ConstantAndStepDecay_FollowTheFormula()
    {
        Assert.Equal(0.1f, LearningRateSchedule.Constant(0.1f).At(9, 99, 100));
        var decay = LearningRateSchedule.StepDecay(1, decayEpochs: 3, decayFactor: 0.5f);
        Assert.Equal([1f, 1, 1, 0.5f, 0.5f, 0.5f, 0.25f], Enumerable.Range(0, 7).Select(epoch => decay.At(epoch, 0, 10)));
    }

    [Fact]
    public void At_Exponential_CountsEpochsFromZero()
    {
        var schedule = LearningRateSchedule.Exponential(1, 0.93f, fullRateEpochs: 10);
        for (int epoch = 0; epoch < 55; epoch++)
            Assert.Equal(Math.Pow(0.93, Math.Max(epoch + 1 - 10, 0)), schedule.At(epoch, 0, 1), 1e-5);
    }

    [Fact]
    public void At_Cosine_RisesInALineAndFallsToTheFinalRate()
    {
        var schedule = LearningRateSchedule.Cosine(1, warmUpSteps: 4, finalLearningRate: 0.1f);
        Assert.Equal([0.25f, 0.5f, 0.75f, 1f, 1f], Enumerable.Range(0, 5).Select(step => schedule.At(0, step, 24)));
        Assert.Equal(0.55f, schedule.At(0, 14, 24), 1e-6f);
        Assert.Equal(0.1f, schedule.At(0, 24, 24), 1e-6f);
    }

    // torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=10), its ten rates.
    [Fact]
    public void At_OneCycle_IsPyTorchs()
    {
        double[] expected = [0.04, 0.52, 1.0, 0.950484632, 0.8117456539, 0.6112620219, 0.3887419781, 0.1882583461, 0.049519368, 4e-06];
        var schedule = LearningRateSchedule.OneCycle(1);
        for (int step = 0; step < 10; step++)
            Assert.Equal(expected[step], schedule.At(0, step, 10), 1e-7);
    }

    [Fact]
    public void After_WorseScore_HalvesNotBelowTheFloor()
    {
        var schedule = LearningRateSchedule.ReduceOnPlateau(1) with { FinalLearningRate = 0.2f };
        var monitor = new PlateauMonitor();
        var rates = new List<float>();
        foreach (double loss in (double[])[5, 4, 4.5, 3, 3.1, 3.2])
        {
            monitor = monitor.After(loss, schedule);
            rates.Add(schedule.At(0, 0, 1, monitor.Scale));
        }
        Assert.Equal([1f, 1, 0.5f, 0.5f, 0.25f, 0.2f], rates);
    }

    [Fact]
    public void After_Plateau_WaitsForItsPatience()
    {
        var schedule = LearningRateSchedule.ReduceOnPlateau(1, 0.1f, patience: 2);
        var monitor = new PlateauMonitor();
        double[] losses = [1, 2, 2, 2, 2, 2, 2];
        double[] scales = [.. losses.Select(loss => (monitor = monitor.After(loss, schedule)).Scale)];
        Assert.Equal([1, 1, 1, 0.1, 0.1, 0.1, 0.01], scales.Select(scale => Math.Round(scale, 6)));
    }

    [Theory]
    [InlineData(0f, 0.5f, "LearningRate")]
    [InlineData(float.NaN, 0.5f, "LearningRate")]
    [InlineData(1f, 0f, "DecayFactor")]
    [InlineData(1f, 1.5f, "DecayFactor")]
    public void Validate_ConstantOutOfRange_IsNamed(float rate, float factor, string property)
    {
        var schedule = new LearningRateSchedule { LearningRate = rate, DecayFactor = factor };
        Assert.Equal(property, Assert.Throws<ArgumentException>(schedule.Validate).ParamName);
    }
}
