using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>A training with all the state there is: ragged batches, dropout, validation, early stopping, a plateau schedule, best weights.</summary>
internal static class ResumableTraining
{
    public static readonly TrainingOptions Options = Plain.Training with
    {
        Epochs = 6,
        BatchSize = 8,
        Schedule = LearningRateSchedule.ReduceOnPlateau(0.2f),
        ValidationFraction = 0.2,
        ValidationPart = ValidationPart.Random,
        Patience = 4,
        Seed = 5,
    };

    /// <summary>The linear engine.</summary>
    public static ITrainingEngine Linear() => new LinearEngine(2);

    /// <summary>An LSTM of two layers with dropout everywhere and gradient noise.</summary>
    public static ITrainingEngine Lstm() => new ManagedEngine(
        new() { InputSize = 2, HiddenSizes = [6, 5], OutputSize = 1 },
        Plain.Engine with
        {
            Regularization = new() { InputDropout = 0.1f, LayerDropout = 0.2f, RecurrentDropout = 0.1f, OutputDropout = 0.1f },
            ClipNorm = 1,
            GradientNoise = 0.01f,
            Seed = 3,
            Threads = 1,
        });

    /// <summary>Trains from the checkpoint, where there is one, to the end; returns the weights.</summary>
    public static float[] Run(Func<ITrainingEngine> create, string? checkpoint, Action<BatchReport>? batchDone = null, CancellationToken cancellationToken = default)
    {
        using ITrainingEngine engine = create();
        var options = checkpoint is null ? Options : Options with { CheckpointPath = checkpoint, CheckpointEverySteps = 1, ResumeFrom = File.Exists(checkpoint) ? checkpoint : null };
        new TrainingLoop(engine, options) { Observers = [new TrainingCallbacks { BatchDone = batchDone }] }.Run(TrainingData.Linear(70), cancellationToken: cancellationToken);
        return Weights(engine);
    }

    /// <summary>The child process: says each step, then the weights as hexadecimal digits.</summary>
    public static void RunAsChild(string checkpoint)
    {
        float[] weights = Run(Lstm, checkpoint, report => Console.Out.WriteLine(report.Step));
        Console.Out.WriteLine("weights " + Hex(weights));
    }

    public static float[] Weights(ITrainingEngine engine)
    {
        float[] weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        return weights;
    }

    public static string Hex(float[] weights) => Convert.ToHexString(MemoryMarshal.AsBytes<float>(weights));
}
