namespace Microsoft.ML.Lstm.Mpi.Tests;

public sealed class MpiProcessGroupTests
{
    [Theory]
    [InlineData(Launcher.OpenMpi, 1)]
    [InlineData(Launcher.OpenMpi, 3)]
    [InlineData(Launcher.Mpich, 1)]
    [InlineData(Launcher.Mpich, 3)]
    public void Messages_OfAllLengths_ArriveAndTheRuntimeKeepsItsSignals(string mpi, int size)
    {
        (int exitCode, string output, string error) = Launcher.Run(mpi, size, "messages");

        Assert.True(exitCode == 0, error);
        string name = mpi == Launcher.OpenMpi ? "Open MPI v" : "MPICH Version: ";
        Assert.All(Enumerable.Range(0, size), rank => Assert.Contains($"process {rank} of {size} over {name}", output));
    }

    [Fact]
    public void Group_WithoutLauncher_IsOfOne()
    {
        (int exitCode, string output, string error) = Launcher.RunAlone("messages");

        Assert.True(exitCode == 0, error);
        Assert.Contains("process 0 of 1 over ", output);
    }

    [Theory]
    [InlineData(Launcher.OpenMpi, "libmpich.so.12")]
    [InlineData(Launcher.Mpich, "libmpi.so.40")]
    public void Group_LibraryOfAnotherMpiThanTheLauncher_IsRefused(string mpi, string library)
    {
        (int exitCode, string output, string error) = Launcher.Run(mpi, 2, "with-library", library, "messages");

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"The launcher has started 2 processes, of which '{library}'", output + error);
        Assert.Contains("sees this one alone; expected the library of the launcher's own MPI", output + error);
    }

    [Theory]
    [InlineData("messages")]
    [InlineData("train")]
    public void Group_NoLibrary_SaysSo(string what)
    {
        (int exitCode, _, string error) = Launcher.Run(Launcher.Mpich, 1, "with-library", "/nowhere/libmpi.so", what);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Unhandled exception. System.DllNotFoundException: The environment variable LSTM_MPI_LIBRARY is '/nowhere/libmpi.so', which cannot be loaded; expected the path of an MPI library.", error);
    }
}
