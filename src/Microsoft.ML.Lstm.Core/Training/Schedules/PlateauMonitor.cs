namespace Microsoft.ML.Lstm.Training.Schedules;

/// <summary>
/// Watches the validation loss for <see cref="ScheduleKind.ReduceOnPlateau"/>: the scale falls by the schedule's factor when the loss
/// has not gone below its best for more than <see cref="LearningRateSchedule.PlateauPatience"/> epochs. Its three values are all its state.
/// </summary>
public sealed record PlateauMonitor
{
    /// <summary>What the learning rate is multiplied by.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Lowest loss so far; null before the first.</summary>
    public double? Best { get; init; }

    /// <summary>Epochs since the best, or since the last reduction.</summary>
    public int EpochsWithoutImprovement { get; init; }

    /// <summary>What the monitor is after one more epoch.</summary>
    public PlateauMonitor After(double loss, LearningRateSchedule schedule)
    {
        if (loss < (Best ?? double.PositiveInfinity))
            return this with { Best = loss, EpochsWithoutImprovement = 0 };
        int epochs = EpochsWithoutImprovement + 1;
        return epochs > schedule.PlateauPatience
            ? this with { Scale = Scale * schedule.DecayFactor, EpochsWithoutImprovement = 0 }
            : this with { EpochsWithoutImprovement = epochs };
    }
}
