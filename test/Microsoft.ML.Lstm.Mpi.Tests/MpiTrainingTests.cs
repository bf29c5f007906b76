using System.Globalization;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Mpi.Tests;

/// <summary>Training by the API that users have, under both launchers.</summary>
public sealed partial class MpiTrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mpi").FullName;

    private string Checkpoint => Path.Combine(_folder, "training.safetensors");

    public static TheoryData<string> Launchers => [Launcher.OpenMpi, Launcher.Mpich];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Fit_AnyLauncherAndNumberOfProcesses_ScoresTheSameBits()
    {
        string[] all = [.. Scores(Launcher.OpenMpi, 1), .. Scores(Launcher.OpenMpi, 2), .. Scores(Launcher.Mpich, 3), .. Scores(Launcher.OpenMpi, 4)];
        (_, string output, _) = Launcher.RunAlone("train");

        Assert.Single(all.Distinct());
        Assert.Equal(10, all.Length);
        // Alone, no batch is cut into shards: other bits.
        Assert.NotEqual(all[0], Assert.Single(ScoresIn(output)));
        Assert.DoesNotContain("Training as process", output);
    }

    // A shard is computed whole, by one thread, with dropout of its own, so that libtorch too comes to the same bits on one machine.
    [Fact]
    public void Fit_TorchSharpInAnyNumberOfProcesses_ScoresTheSameBits()
    {
        string[] all =
        [
            .. Scores(Launcher.OpenMpi, 1, "engine=torch"), .. Scores(Launcher.OpenMpi, 2, "engine=torch", "data=Share"),
                .. Scores(Launcher.Mpich, 3, "engine=torch"),
        ];

        Assert.Equal(6, all.Length);
        Assert.Single(all.Distinct());
    }

    [Fact]
    public void Fit_TorchSharpInTwoProcesses_ScoresAsTheManagedEngine()
    {
        (_, string torch, string error) = Launcher.Run(Launcher.OpenMpi, 2, "train", "engine=torch", "dropout=0");
        (_, string managed, _) = Launcher.RunAlone("train", "dropout=0");

        double[] means = MeansIn(torch);
        Assert.True(means.Length == 2, error);
        Assert.All(means, mean => Assert.Equal(Assert.Single(MeansIn(managed)), mean, 1e-4));
        Assert.DoesNotContain(Assert.Single(ScoresIn(managed)), torch);
    }

    [Theory]
    [InlineData(DistributedData.Share)]
    [InlineData(DistributedData.Own)]
    public void Fit_EachProcessHoldsAShareOfTheRows_ScoresTheSameBits(DistributedData data)
    {
        string[] all =
        [
            .. Scores(Launcher.OpenMpi, 1, $"data={data}"), .. Scores(Launcher.OpenMpi, 2, $"data={data}"),
                .. Scores(Launcher.Mpich, 3, $"data={data}"), .. Scores(Launcher.OpenMpi, 4, $"data={data}"),
        ];

        Assert.Equal(10, all.Length);
        Assert.Equal(Scores(Launcher.OpenMpi, 1)[0], Assert.Single(all.Distinct()));
    }

    [Fact]
    public void Fit_ClassesWeighedByTheirCountInAllProcesses_ScoresTheSameBits() =>
        Assert.Single(((string[])[.. Scores(Launcher.OpenMpi, 1, "classify=1"), .. Scores(Launcher.OpenMpi, 3, "classify=1", "data=Own")])
            .Distinct());

    // Three series: of four processes one has none.
    [Fact]
    public void Fit_EachProcessHoldsSomeSeries_ForecastsTheSameBits()
    {
        string[] all =
        [
            .. Scores(Launcher.OpenMpi, 1, "forecast=1"), .. Scores(Launcher.OpenMpi, 2, "forecast=1", "data=Share"),
                .. Scores(Launcher.Mpich, 3, "forecast=1", "data=Own"), .. Scores(Launcher.OpenMpi, 4, "forecast=1", "data=Own"),
        ];

        Assert.Equal(10, all.Length);
        Assert.Single(all.Distinct());
    }

    [Fact]
    public void Fit_OneProcessCannotReadItsSeries_EndsAllWithItsMessage()
    {
        (int exitCode, string output, string error) = Launcher.Run(Launcher.OpenMpi, 3, "train", "forecast=broken", "data=Own", "at=1");

        Assert.Equal(3, exitCode);
        Assert.Contains("Process 1 of 3 cannot train: Column 'Time' has 2024-01-01 00:00:00 in row 70 of series 's1', after 2024-01-03 21:00:00 in row 69", error);
        Assert.Empty(ScoresIn(output));
    }

    [Fact]
    public void Fit_OneProcessHoldsOtherRows_IsRefusedByName()
    {
        (int exitCode, string output, string error) = Launcher.Run(Launcher.OpenMpi, 3, "train", "data=Share", "at=2", "differ-data=All");

        Assert.Equal(3, exitCode);
        Assert.Contains("Process 2 of 3 is not set up as process 0: its DistributedData is \"All\"; expected \"Share\".", error);
        Assert.Empty(ScoresIn(output));
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public void Fit_SeveralProcesses_LogsFromAllAndReportsFromTheFirst(string mpi)
    {
        (int exitCode, string output, string error) = Launcher.Run(mpi, 3, "train", "epochs=1", "shards=6");

        Assert.True(exitCode == 0, error);
        Assert.Matches(@"Training as process 2 of 3 over (Open MPI v|MPICH Version: )[0-9.]+, 6 shards per batch", output);
        Assert.Single(Epoch().Matches(output));
        Assert.Contains("process 0 of 3: 9 updates", output);
        Assert.Contains("process 1 of 3: 0 updates", output);
    }

    [Fact]
    public void Fit_WithoutSeed_TakesThatOfTheFirst() =>
        Assert.Single(ScoresIn(Launcher.Run(Launcher.OpenMpi, 2, "train", "epochs=1", "unseeded=1").Out).Distinct());

    [Theory]
    [InlineData(Launcher.OpenMpi, 0, 2)]
    [InlineData(Launcher.Mpich, 0, 1)]
    public void Fit_ProcessKilled_EndsAllAndResumesWithFewer(string mpi, int killed, int after)
    {
        (int exitCode, string output, string error) = Launcher.Run(mpi, 3, "train", $"checkpoint={Checkpoint}", $"at={killed}", "kill=14");
        Assert.NotEqual(0, exitCode);
        Assert.Matches("(?i)killed", output + error);
        Assert.Empty(ScoresIn(output));

        (int resumedCode, string resumed, string resumedError) = Launcher.Run(mpi, after, "train", $"resume={Checkpoint}");

        Assert.True(resumedCode == 0, resumedError);
        Assert.Equal(Scores(mpi, 2)[0], Assert.Single(ScoresIn(resumed).Distinct()));
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public void Fit_OneProcessThrows_EndsAllWithItsMessageOnce(string mpi)
    {
        (int exitCode, string output, string error) = Launcher.Run(mpi, 3, "train", "at=0", "throw=5");

        Assert.Equal(1, exitCode);
        Assert.Equal(2, error.Split("Process 0 of 3 ends all: the disk is full").Length);
        Assert.Empty(ScoresIn(output));
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public void Fit_OneProcessSetUpOtherwise_IsRefusedByName(string mpi)
    {
        (int exitCode, string output, string error) = Launcher.Run(mpi, 3, "train", "at=2", "differ=1");

        Assert.Equal(3, exitCode);
        Assert.Contains("Process 2 of 3 is not set up as process 0: its Scope.Schedule.LearningRate is 0.02; expected 0.01.", error);
        Assert.Empty(ScoresIn(output));
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public void Exit_OneProcessBeforeTraining_EndsAllWithItsCode(string mpi)
    {
        (int exitCode, string output, _) = Launcher.Run(mpi, 3, "train", "at=1", "exit=5");

        Assert.Equal(5, exitCode);
        Assert.Empty(ScoresIn(output));
    }

    private static string[] Scores(string mpi, int size, params string[] options)
    {
        (int exitCode, string output, string error) = Launcher.Run(mpi, size, ["train", .. options]);
        Assert.True(exitCode == 0, error);
        return ScoresIn(output);
    }

    private static string[] ScoresIn(string output) => [.. Score().Matches(output).Select(match => match.Groups[1].Value)];

    private static double[] MeansIn(string output) =>
        [.. Mean().Matches(output).Select(match => double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"scores [0-9a-f]{16} mean (\S+)")]
    private static partial Regex Mean();

    [GeneratedRegex("scores ([0-9a-f]{16})")]
    private static partial Regex Score();

    [GeneratedRegex("Epoch 1 of")]
    private static partial Regex Epoch();
}
