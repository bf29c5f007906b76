using System.Diagnostics;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Mpi;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Samples.Distributed;

/// <summary>
/// The time of a training step in so many processes of one thread each, how much of it goes into the reduction, and the bytes it sends: what the model
/// of cost in docs/distributed.md is checked against.
/// </summary>
internal static class StepTiming
{
    private const int Batch = 64, Steps = 32, Features = 16, WarmUp = 5;

    public static int Run(int hidden, int steps)
    {
        var group = new CountedGroup(new MpiProcessGroup());
        var network = new NetworkSpec { InputSize = Features, HiddenSizes = [hidden, hidden], OutputSize = 1 };
        using ITrainingEngine engine = TrainingEngine.Managed.Create(new EngineRequest(network, new EngineOptions { Threads = 1 }));
        var options = new TrainingOptions { Epochs = 1, MaximumSteps = WarmUp + steps, BatchSize = Batch, ValidationFraction = 0 };
        var times = new List<(double Step, double Reduction)>();
        long last = 0;
        TimeSpan lastReduction = default;
        var callbacks = new TrainingCallbacks
        {
            BatchDone = report =>
            {
                long now = Stopwatch.GetTimestamp();
                if (report.Step > WarmUp)
                    times.Add((Stopwatch.GetElapsedTime(last, now).TotalMilliseconds, (group.Time - lastReduction).TotalMilliseconds));
                else
                    group.Bytes = 0;
                (last, lastReduction) = (now, group.Time);
            },
        };
        new TrainingLoop(engine, options) { Observers = [callbacks], Distribution = new DataParallel { Group = group } }.Run(Data(Batch * (WarmUp + steps)));
        if (group.Rank == 0)
            Console.WriteLine(FormattableString.Invariant(
                $"{group.Size} processes over {group.Name}: {engine.Parameters.ParameterCount:N0} parameters, step {Median(times.Select(t => t.Step)):F1} ms, of it reduction {Median(times.Select(t => t.Reduction)):F1} ms (least {times.Min(t => t.Reduction):F1}), {group.Bytes / steps:N0} bytes sent by each process"));
        return 0;
    }

    private static SequenceDataset Data(int count)
    {
        var random = new Random(1);
        var dataset = new SequenceDataset(new SequenceShape { FeatureSize = Features });
        float[] values = new float[Steps * Features];
        for (int i = 0; i < count; i++)
        {
            foreach (ref float value in values.AsSpan())
                value = random.NextSingle();
            dataset.Add(new SequenceExample { Features = values, Targets = [values[0]] });
        }
        return dataset;
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
