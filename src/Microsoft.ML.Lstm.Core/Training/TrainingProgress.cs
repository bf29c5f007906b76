using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Training;

/// <summary>Where a training stands, besides what the engine holds: all that a checkpoint saves of the loop.</summary>
internal sealed record TrainingProgress
{
    /// <summary>The current epoch, from 0.</summary>
    public int Epoch { get; set; }

    /// <summary>Batches of it that are done.</summary>
    public int Batch { get; set; }

    /// <summary>Updates done.</summary>
    public long Step { get; set; }

    /// <summary>Σ wᵢ·lossᵢ of the current epoch.</summary>
    public double LossSum { get; set; }

    /// <summary>Σ wᵢ of the current epoch.</summary>
    public double LossWeight { get; set; }

    /// <summary>Σ gradient norms of the current epoch.</summary>
    public double NormSum { get; set; }

    /// <summary>Sequences of the current epoch.</summary>
    public long Sequences { get; set; }

    /// <summary>Seconds of the current epoch.</summary>
    public double Seconds { get; set; }

    /// <summary>Learning rate of the last step.</summary>
    public float LearningRate { get; set; }

    /// <summary>Best watched loss; null before the first epoch's end.</summary>
    public double? BestLoss { get; set; }

    /// <summary>Its epoch.</summary>
    public int? BestEpoch { get; set; }

    /// <summary>Epochs since.</summary>
    public int EpochsWithoutImprovement { get; set; }

    /// <summary>State of <see cref="ScheduleKind.ReduceOnPlateau"/>.</summary>
    public PlateauMonitor Plateau { get; set; } = new();

    /// <summary>Reports of the epochs done.</summary>
    public List<EpochReport> History { get; init; } = [];

    /// <summary>Begins the next epoch's sums.</summary>
    public void NextEpoch()
    {
        Epoch++;
        (Batch, LossSum, LossWeight, NormSum, Sequences, Seconds) = (0, 0, 0, 0, 0, 0);
    }
}
