using System.Globalization;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Training;

/// <summary>Where a training stands, besides what the engine holds: all that a checkpoint saves of the loop.</summary>
internal sealed record TrainingProgress
{
    private const string Amount = "a finite number of 0 or more";

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

    /// <summary>Refuses what no training can have come to.</summary>
    /// <exception cref="InvalidDataException">Names the property, the value found and what was expected.</exception>
    public void Validate()
    {
        Require(Epoch >= 0, nameof(Epoch), Epoch, "0 or more");
        Require(Batch >= 0, nameof(Batch), Batch, "0 or more");
        Require(Step >= 0 && Step >= Batch, nameof(Step), Step, Invariant($"at least {nameof(Batch)} ({Batch})"));
        Require(double.IsFinite(LossSum), nameof(LossSum), LossSum, "a finite number");
        Require(IsAmount(LossWeight), nameof(LossWeight), LossWeight, Amount);
        Require(IsAmount(NormSum), nameof(NormSum), NormSum, Amount);
        Require(Sequences >= 0, nameof(Sequences), Sequences, "0 or more");
        Require(IsAmount(Seconds), nameof(Seconds), Seconds, Amount);
        Require(IsAmount(LearningRate), nameof(LearningRate), LearningRate, Amount);
        Require(BestLoss is null or (> double.NegativeInfinity and < double.PositiveInfinity), nameof(BestLoss), BestLoss, "a finite number, or null");
        Require(BestEpoch is null == BestLoss is null && BestEpoch is null or >= 0 && (BestEpoch ?? -1) < Epoch,
            nameof(BestEpoch), BestEpoch, Invariant($"an epoch before {nameof(Epoch)} ({Epoch}), and null exactly when {nameof(BestLoss)} is"));
        Require(EpochsWithoutImprovement >= 0 && EpochsWithoutImprovement <= Epoch, nameof(EpochsWithoutImprovement), EpochsWithoutImprovement, Invariant($"0 to {nameof(Epoch)} ({Epoch})"));
        ValidatePlateau();
        ValidateHistory();
    }

    /// <summary>Begins the next epoch's sums.</summary>
    public void NextEpoch()
    {
        Epoch++;
        (Batch, LossSum, LossWeight, NormSum, Sequences, Seconds) = (0, 0, 0, 0, 0, 0);
    }

    private static bool IsAmount(double value) => value is >= 0 and < double.PositiveInfinity;

    // A file can say null where the type does not.
    private void ValidatePlateau()
    {
        Require(Plateau is not null, nameof(Plateau), null, "a state");
        Require(Plateau!.Scale is >= 0 and <= 1, "Plateau.Scale", Plateau.Scale, "0 to 1");
        Require(Plateau.Best is null or (> double.NegativeInfinity and < double.PositiveInfinity), "Plateau.Best", Plateau.Best, "a finite number, or null");
        Require(Plateau.EpochsWithoutImprovement >= 0, "Plateau.EpochsWithoutImprovement", Plateau.EpochsWithoutImprovement, "0 or more");
    }

    private void ValidateHistory()
    {
        Require(History is not null, nameof(History), null, "a list");
        Require(History!.Count == Epoch, "History.Count", History.Count, Invariant($"{nameof(Epoch)} ({Epoch}), a report for each epoch done"));
        for (int epoch = 0; epoch < History.Count; epoch++)
            Require(History[epoch]?.Epoch == epoch, Invariant($"History[{epoch}].Epoch"), History[epoch]?.Epoch, Invariant($"{epoch}"));
    }

    private static void Require(bool holds, string name, object? found, string expected)
    {
        if (!holds)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The progress's {name} is {found ?? "null"}; expected {expected}."));
    }
}
