using System.Diagnostics;
using Microsoft.ML.Lstm.Core.Tests.Models;
using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Persistence;

/// <summary>Models and weights under a name that is killed at or cannot be written: the old file or the new one, and an error that names the path.</summary>
public sealed class SavingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("saving").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Save_ProcessKilled_LeavesAWholeFile(int rounds)
    {
        using (Process child = Process.Start(new ProcessStartInfo("dotnet", [typeof(SavingTests).Assembly.Location, "save", _folder]) { RedirectStandardOutput = true })!)
        {
            for (int i = 0; i < rounds; i++)
                Assert.Equal("saved", child.StandardOutput.ReadLine());
            // SIGKILL: nothing is cleaned up.
            child.Kill();
            child.WaitForExit();
        }
        Assert.Contains(EndlessSaving.Models, whole => whole.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_folder, "model"))));
        Assert.Contains(EndlessSaving.Weights, whole => whole.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_folder, "weights"))));
        RecurrentModel.Load(Path.Combine(_folder, "model"));
    }

    [Fact]
    public void Save_IntoWhatIsNoFolder_NamesThePathAndLeavesEverythingAsItWas()
    {
        string file = Path.Combine(_folder, "file"), inside = Path.Combine(file, "inside");
        File.WriteAllText(file, "precious");

        Refused(inside);

        Assert.Equal("precious", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(_folder));
    }

    [ReadOnlyFact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Save_IntoAFolderThatMayOnlyBeRead_NamesThePathAndLeavesTheOldFile()
    {
        string old = Path.Combine(_folder, "old");
        File.WriteAllText(old, "old");
        File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Refused(old);
            Assert.Equal("old", File.ReadAllText(old));
        }
        finally
        {
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // A folder that nobody, not even root, may write to.
    [LinuxFact]
    public void Save_IntoAFolderOfTheSystem_NamesThePath() => Refused("/proc/model.safetensors");

    private static void Refused(string path)
    {
        var spec = new NetworkSpec { InputSize = 1, HiddenSizes = [2], OutputSize = 1 };
        using var engine = new LinearEngine(2);
        var loop = new TrainingLoop(engine, ResumableTraining.Options with { CheckpointPath = path });

        Named(() => TestModel.Regression(spec).Save(path));
        Named(() => TestModel.File(spec).Save(path));
        Named(() => loop.Run(TrainingData.Linear(70)));

        Assert.Empty(engine.Calls);

        void Named(Action save)
        {
            Exception error = Assert.ThrowsAny<Exception>(save);
            Assert.True(error is IOException or UnauthorizedAccessException or ArgumentException, error.ToString());
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>A test of what a folder's permissions forbid, which bind everyone but root.</summary>
    private sealed class ReadOnlyFactAttribute : FactAttribute
    {
        public ReadOnlyFactAttribute() =>
            Skip = OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess ? "Permissions of folders do not bind the administrator." : null;
    }

    /// <summary>A test that needs Linux.</summary>
    private sealed class LinuxFactAttribute : FactAttribute
    {
        public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Only Linux has /proc.";
    }
}
