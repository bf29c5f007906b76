using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>A checkpoint that a training resumes from, to its end.</summary>
internal sealed class CheckpointTarget : IFuzzTarget
{
    private readonly SequenceDataset _data = Waves();
    private readonly string _path;
    private readonly bool _isStateful;

    public CheckpointTarget(string folder, bool isStateful, params IMutation[] mutations)
    {
        (_isStateful, Mutations) = (isStateful, mutations);
        _path = Path.Combine(folder, isStateful ? "stateful-checkpoint" : "checkpoint");
        using var cancelled = new CancellationTokenSource();
        try
        {
            Train(Options() with { CheckpointPath = _path, CheckpointEverySteps = 4 }, report => { if (report.Step == 4) cancelled.Cancel(); }, cancelled.Token);
        }
        catch (OperationCanceledException)
        {
        }
        Valid = File.ReadAllBytes(_path);
    }

    public string Name => _isStateful ? "stateful checkpoint" : "checkpoint";

    public byte[] Valid { get; }

    public IReadOnlyList<IMutation> Mutations { get; }

    public byte[] Pack(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        return content;
    }

    public void Run(byte[] file)
    {
        try
        {
            Train(Options() with { ResumeFrom = _path, ResumeWithNewSchedule = true }, null, default);
        }
        catch (TrainingDivergedException)
        {
            // Moments of any size are still moments.
        }
    }

    public bool IsRefusal(Exception error) => error is InvalidDataException;

    private TrainingOptions Options() => new()
    {
        Epochs = 2,
        BatchSize = 4,
        Order = _isStateful ? BatchOrderKind.Streams : BatchOrderKind.LengthBuckets,
        ChunkSteps = 3,
        ValidationFraction = _isStateful ? 0 : 0.25,
        Schedule = LearningRateSchedule.ReduceOnPlateau(0.01f),
    };

    private void Train(TrainingOptions options, Action<BatchReport>? done, CancellationToken cancellationToken)
    {
        using var engine = new ManagedEngine(
            new() { InputSize = 1, HiddenSizes = [3], OutputSize = 1, Output = _isStateful ? OutputPosition.EveryStep : OutputPosition.LastStep },
            new() { Threads = 1, Stateful = _isStateful });
        new TrainingLoop(engine, options) { Observers = [new TrainingCallbacks { BatchDone = done }] }.Run(_isStateful ? Stream() : _data, cancellationToken: cancellationToken);
    }

    private static SequenceDataset Waves()
    {
        var data = new SequenceDataset(new SequenceShape { FeatureSize = 1 });
        for (int i = 0; i < 24; i++)
            data.Add(new SequenceExample { Features = Wave(i, 5), Targets = Wave(i + 5, 1) });
        return data;
    }

    private static SequenceDataset Stream()
    {
        var data = new SequenceDataset(new SequenceShape { FeatureSize = 1, TargetEveryStep = true });
        data.Add(new SequenceExample { Features = Wave(0, 60), Targets = Wave(1, 60) });
        return data;
    }

    private static float[] Wave(int first, int count) => [.. Enumerable.Range(first, count).Select(i => MathF.Sin(i * 0.3f))];
}
