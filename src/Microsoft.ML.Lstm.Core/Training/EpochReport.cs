namespace Microsoft.ML.Lstm;

/// <summary>What one pass over the data found.</summary>
public sealed record EpochReport
{
    /// <summary>The epoch, from 0.</summary>
    public int Epoch { get; init; }

    /// <summary>Updates since the training began.</summary>
    public long Steps { get; init; }

    /// <summary>Mean training loss, each batch's taken before its update and with dropout.</summary>
    public double Loss { get; init; }

    /// <summary>Mean validation loss after the epoch; null without validation.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>Whether the watched loss improved on all epochs before.</summary>
    public bool IsBest { get; init; }

    /// <summary>The learning rate of the epoch's last step.</summary>
    public float LearningRate { get; init; }

    /// <summary>Mean over the steps of the gradient's global norm before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Training speed, validation excluded.</summary>
    public double SequencesPerSecond { get; init; }

    /// <summary>Time that the epoch took, validation included.</summary>
    public double Seconds { get; init; }
}
