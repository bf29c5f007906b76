using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Microsoft.ML.Lstm.Core.Tests.Diagnosis;

/// <summary>A small training, to be run under a doctor's eyes.</summary>
internal sealed record Patient
{
    public required SequenceDataset Data { get; init; }

    public SequenceDataset? Validation { get; init; }

    public required NetworkSpec Network { get; init; }

    public EngineOptions Engine { get; init; } = Plain.Engine with { ClipNorm = 1 };

    public TrainingOptions Options { get; init; } = Plain.Training with { Epochs = 20, BatchSize = 16, Schedule = LearningRateSchedule.Constant(0.01f) };

    /// <summary>Trains; gives the diagnosis and what was told on the way.</summary>
    public (NetworkDiagnosis Diagnosis, List<Finding> Told) Train()
    {
        using var engine = new ManagedEngine(Network, Engine with { Threads = 1 });
        var told = new List<Finding>();
        var doctor = new NetworkDoctor { Found = told.Add };
        try
        {
            new TrainingLoop(engine, Options) { Observers = [doctor] }.Run(Data, Validation);
        }
        catch (TrainingDivergedException)
        {
            // The diagnosis says so.
        }
        return (doctor.Diagnosis, told);
    }
}
