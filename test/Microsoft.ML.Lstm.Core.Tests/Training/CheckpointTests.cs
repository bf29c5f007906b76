using System.Diagnostics;
using System.Text;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint").FullName;

    private string Path => System.IO.Path.Combine(_folder, "training.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_InterruptedAfterAnyStepAndResumed_GivesTheSameBits(bool lstm)
    {
        int steps = 0;
        Func<ITrainingEngine> create = lstm ? ResumableTraining.Lstm : ResumableTraining.Linear;
        float[] expected = ResumableTraining.Run(create, null, _ => steps++);
        Assert.InRange(steps, 20, 100);
        // Every fourth step of the LSTM still meets every place in an epoch of 7.
        for (int last = 1; last < steps; last += lstm ? 4 : 1)
        {
            File.Delete(Path);
            using var source = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => ResumableTraining.Run(create, Path, report => { if (report.Step == last) source.Cancel(); }, source.Token));
            Assert.Equal(expected, ResumableTraining.Run(create, Path));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_StatefulTrainingResumed_KeepsItsCarriedState(bool lstm)
    {
        var options = Plain.Training with { Order = BatchOrderKind.Streams, BatchSize = 3, ChunkSteps = 4, Epochs = 3, ValidationFraction = 0.3 };
        float[] expected = Run(options);
        for (int last = 1; last < 12; last += 2)
        {
            using var source = new CancellationTokenSource();
            Assert.ThrowsAny<OperationCanceledException>(() => Run(options with { CheckpointPath = Path, CheckpointEverySteps = 2 }, last, source));
            if (File.Exists(Path))
                Assert.Equal(expected, Run(options with { ResumeFrom = Path }));
        }
        Assert.True(File.Exists(Path));

        float[] Run(TrainingOptions options, int last = 0, CancellationTokenSource? source = null)
        {
            using ITrainingEngine engine = lstm
                ? new ManagedEngine(new() { InputSize = 1, HiddenSizes = [5], OutputSize = 1, Output = OutputPosition.EveryStep }, Plain.Engine with { Stateful = true, Threads = 1 })
                : new LinearEngine(1, everyStep: true, stateful: true);
            new TrainingLoop(engine, options) { Observers = [new TrainingCallbacks { BatchDone = report => { if (report.Step == last) source!.Cancel(); } }] }.Run(TrainingData.Stream(70), cancellationToken: source?.Token ?? default);
            return ResumableTraining.Weights(engine);
        }
    }

    [Fact]
    public void Run_KilledAtRandomPointsAndResumed_GivesTheSameBits()
    {
        string expected = ResumableTraining.Hex(ResumableTraining.Run(ResumableTraining.Lstm, null));
        var random = new RandomStream((ulong)Environment.TickCount64);
        int kills = 0;
        while (kills < 20)
        {
            using Process child = Start();
            long end = Stopwatch.GetTimestamp() + random.NextInt(4) * Stopwatch.Frequency / 1000;
            int lines = 1 + random.NextInt(3);
            string? line = null;
            while (lines-- > 0 && (line = child.StandardOutput.ReadLine()) is not null && !line.StartsWith("weights", StringComparison.Ordinal))
            {
            }
            while (Stopwatch.GetTimestamp() < end)
                Thread.SpinWait(10);
            if (line?.StartsWith("weights", StringComparison.Ordinal) == true)
            {
                Assert.Equal("weights " + expected, line);
                File.Delete(Path);
            }
            else
            {
                child.Kill();
                kills++;
            }
            child.WaitForExit();
        }
        using Process last = Start();
        string output = last.StandardOutput.ReadToEnd();
        Assert.EndsWith("weights " + expected, output.TrimEnd());
    }

    [Fact]
    public void Run_FinishedTrainingResumed_OnlyGivesItsResult()
    {
        float[] expected = ResumableTraining.Run(ResumableTraining.Linear, Path);
        Assert.Equal(expected, ResumableTraining.Run(ResumableTraining.Linear, Path, _ => Assert.Fail("A finished training made another step.")));
    }

    [Fact]
    public void Run_CheckpointsAsked_SavesThemAndLeavesNothingBeside()
    {
        var saved = new List<long>();
        using var engine = new LinearEngine(2);
        var loop = new TrainingLoop(engine, ResumableTraining.Options with { Patience = null, CheckpointPath = Path, CheckpointEveryEpochs = 2 })
        {
            Observers =
            [
                new TrainingCallbacks
                {
                    BatchDone = report =>
                    {
                        if (File.Exists(Path))
                            saved.Add(report.Step);
                        File.Delete(Path);
                    },
                },
            ],
        };
        loop.Run(TrainingData.Linear(70));
        // 56 training examples make 7 batches an epoch; a checkpoint after epochs 2 and 4 is found one step later.
        Assert.Equal([15, 29], saved);
        Assert.Equal([Path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Load_CutOffAnywhere_NamesTheFile()
    {
        ResumableTraining.Run(ResumableTraining.Linear, Path);
        byte[] whole = File.ReadAllBytes(Path);
        int header = 8 + (int)BitConverter.ToInt64(whole);
        int[] lengths = [.. Enumerable.Range(0, header + 8), .. Enumerable.Range(1, 20).Select(i => header + (whole.Length - header) * i / 21), whole.Length - 1];
        foreach (int length in lengths)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Assert.Contains($"'{Path}'", Assert.Throws<InvalidDataException>(() => Checkpoint.Load(Path)).Message);
        }
    }

    [Fact]
    public void Run_ResumedFromAnotherNetworkOrTraining_NamesWhatDiffers()
    {
        ResumableTraining.Run(ResumableTraining.Linear, Path);
        Refused("another network: its InputSize is 2; expected 3", new LinearEngine(3), ResumableTraining.Options);
        Refused("another network: its Output is \"LastStep\"; expected \"EveryStep\"", new LinearEngine(2, everyStep: true), ResumableTraining.Options);
        Refused("does not fit the engine: The optimizer state has no 'square_avg'", new LinearEngine(2, optimizer: new() { Kind = OptimizerKind.RmsProp }), ResumableTraining.Options);
        Refused("another training: its BatchSize is 8; expected 4", new LinearEngine(2), ResumableTraining.Options with { BatchSize = 4 });
        Refused("another training: its ExampleCount is 56; expected 42", new LinearEngine(2), ResumableTraining.Options with { ValidationFraction = 0.4 });

        void Refused(string message, LinearEngine engine, TrainingOptions options)
        {
            var e = Assert.Throws<InvalidDataException>(() => new TrainingLoop(engine, options with { ResumeFrom = Path }).Run(TrainingData.Linear(70)));
            Assert.Contains(message, e.Message);
            Assert.Contains(Path, e.Message);
        }
    }

    [Fact]
    public void Load_NewerVersionOrAnotherKind_IsRefused()
    {
        Write("microsoft.ml.lstm.checkpoint", "3");
        Assert.Contains("version is 3; expected at most 2", Assert.Throws<InvalidDataException>(() => Checkpoint.Load(Path)).Message);
        Write("microsoft.ml.lstm.model", "1");
        Assert.Contains("'microsoft.ml.lstm.model'; expected 'microsoft.ml.lstm.checkpoint'", Assert.Throws<InvalidDataException>(() => Checkpoint.Load(Path)).Message);
        File.WriteAllText(Path, new StringBuilder().Insert(0, "no checkpoint ", 100).ToString());
        Assert.Contains(Path, Assert.Throws<InvalidDataException>(() => Checkpoint.Load(Path)).Message);
        File.Delete(Path);
        Assert.Contains(Path, Assert.Throws<FileNotFoundException>(() => Checkpoint.Load(Path)).Message);

        void Write(string format, string version)
        {
            using FileStream stream = File.Create(Path);
            new SafetensorsWriter { Metadata = { ["format"] = format, ["format_version"] = version } }.Write(stream);
        }
    }

    private Process Start() => Process.Start(new ProcessStartInfo("dotnet", [typeof(CheckpointTests).Assembly.Location, "train", Path])
    {
        RedirectStandardOutput = true,
        Environment = { ["DOTNET_TieredPGO"] = "0" },
    })!;
}
