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

    // Handles of the MPI 5.0 standard, over MPICH: no distribution has a library of it yet.
    [Fact]
    public void Messages_ByTheStandardAbi_ArriveWithItsHandles()
    {
        string folder = Directory.CreateTempSubdirectory("abi").FullName, library = Path.Combine(folder, "libmpi_abi.so.0");
        try
        {
            Assert.Equal((0, "", ""), Launcher.Run("cc", "-shared", "-fPIC", "-o", library,
                Path.Combine(AppContext.BaseDirectory, "StandardAbi", "mpi_abi.c"), "-ldl"));

            (int exitCode, string output, string error) = Launcher.Run(Launcher.Mpich, 3, "with-library", library, "messages");

            Assert.True(exitCode == 0, error);
            Assert.All(Enumerable.Range(0, 3), rank => Assert.Contains($"process {rank} of 3 over Standard ABI over MPICH", output));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The same library under a name that does not say so is taken for MPICH's own, whose handles it refuses: the test sees what it should.
    [Fact]
    public void Messages_ByTheStandardAbiUnderAnotherName_AreRefusedByTheLibrary()
    {
        string folder = Directory.CreateTempSubdirectory("abi").FullName, library = Path.Combine(folder, "libother.so");
        try
        {
            Assert.Equal((0, "", ""), Launcher.Run("cc", "-shared", "-fPIC", "-o", library,
                Path.Combine(AppContext.BaseDirectory, "StandardAbi", "mpi_abi.c"), "-ldl"));

            (int exitCode, _, string error) = Launcher.RunAlone("with-library", library, "messages");

            Assert.Equal(97, exitCode);
            Assert.Contains("handle 0x44000000; expected 0x101", error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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
