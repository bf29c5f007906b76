using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>A training with all the state there is: ragged batches, validation, early stopping, a plateau schedule, best weights.</summary>
internal static class ResumableTraining
{
    public static readonly TrainingOptions Options = new()
    {
        Epochs = 6,
        BatchSize = 8,
        Schedule = LearningRateSchedule.ReduceOnPlateau(0.2f),
        ValidationFraction = 0.2,
        ValidationPart = ValidationPart.Random,
        Patience = 4,
        Seed = 5,
    };

    /// <summary>Trains from the checkpoint, where there is one, to the end; returns the weights.</summary>
    public static float[] Run(string? checkpoint, Action<BatchReport>? batchDone = null, CancellationToken cancellationToken = default)
    {
        using var engine = new LinearEngine(2);
        var options = checkpoint is null ? Options : Options with { CheckpointPath = checkpoint, CheckpointEverySteps = 1, ResumeFrom = File.Exists(checkpoint) ? checkpoint : null };
        new TrainingLoop(engine, options) { BatchDone = batchDone }.Run(TrainingData.Linear(70), cancellationToken: cancellationToken);
        return engine.Weights;
    }

    /// <summary>The child process: says each step, then the weights as hexadecimal digits.</summary>
    public static void RunAsChild(string checkpoint)
    {
        float[] weights = Run(checkpoint, report => Console.Out.WriteLine(report.Step));
        Console.Out.WriteLine("weights " + Hex(weights));
    }

    public static string Hex(float[] weights) => Convert.ToHexString(MemoryMarshal.AsBytes<float>(weights));
}
