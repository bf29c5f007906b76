using System.IO.Compression;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

/// <summary>Paths that cannot be: noticed before the first update, with the option's name.</summary>
public sealed class CheckpointPathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("checkpoint").FullName;

    private string Checkpoint => Path.Combine(_folder, "training.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_CheckpointPathThatCannotBeWritten_NamesTheOptionBeforeTheFirstUpdate()
    {
        Refused<ArgumentException>("CheckpointPath is empty", new() { CheckpointPath = "" });
        Refused<ArgumentException>("which is a folder", new() { CheckpointPath = _folder });
        Refused<ArgumentException>($"whose folder '{Path.Combine(_folder, "none")}' does not exist", new() { CheckpointPath = Path.Combine(_folder, "none", "file") });
        if (OperatingSystem.IsLinux())
            Refused<ArgumentException>("CheckpointPath is '/proc/checkpoint', which", new() { CheckpointPath = "/proc/checkpoint" });
    }

    [Fact]
    public void Run_ResumeFromThatIsNoCheckpoint_SaysWhatItIs()
    {
        string zip = Path.Combine(_folder, "model.zip"), text = Path.Combine(_folder, "text"), empty = Path.Combine(_folder, "empty");
        using (ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Create))
            archive.CreateEntry("Model.key");
        File.WriteAllText(text, "loss,epoch\n1,2\n");
        File.WriteAllText(empty, "");
        Refused<ArgumentException>("ResumeFrom is empty", new() { ResumeFrom = "" });
        Refused<InvalidDataException>($"'{_folder}' cannot be read. It is a folder", new() { ResumeFrom = _folder });
        Refused<InvalidDataException>($"'{zip}' cannot be read. It is no safetensors file but a .zip archive", new() { ResumeFrom = zip });
        Refused<InvalidDataException>($"'{text}' cannot be read. It is no safetensors file but text", new() { ResumeFrom = text });
        Refused<InvalidDataException>($"'{empty}' cannot be read. It is empty", new() { ResumeFrom = empty });
        Refused<FileNotFoundException>($"ResumeFrom is '{zip}x', where there is no file", new() { ResumeFrom = zip + "x" });
    }

    [Fact]
    public void Run_SecondTrainingOnTheSamePath_IsRefusedAndTheFirstGoesOn()
    {
        int refused = 0;
        var options = ResumableTraining.Options with { CheckpointPath = Checkpoint, Epochs = 1 };
        using var engine = new LinearEngine(2);
        var callbacks = new TrainingCallbacks
        {
            BatchDone = _ =>
            {
                using var second = new LinearEngine(2);
                var error = Assert.Throws<IOException>(() => new TrainingLoop(second, options).Run(TrainingData.Linear(70)));
                Assert.Contains("which another training writes to", error.Message);
                refused++;
            },
        };
        new TrainingLoop(engine, options) { Observers = [callbacks] }.Run(TrainingData.Linear(70));
        Assert.Equal(7, refused);
        Assert.Equal([Checkpoint], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Run_LockLeftByAKilledProcess_IsTakenOver()
    {
        File.WriteAllText(Checkpoint + ".lock", "");
        ResumableTraining.Run(ResumableTraining.Linear, Checkpoint);
        Assert.Equal([Checkpoint], Directory.GetFiles(_folder));
    }

    private static void Refused<T>(string message, TrainingOptions options)
        where T : Exception
    {
        using var engine = new LinearEngine(2);
        var error = Assert.Throws<T>(() => new TrainingLoop(engine, options).Run(TrainingData.Linear(70)));
        Assert.Empty(engine.Calls);
        Assert.Contains(message, error.Message);
    }
}
