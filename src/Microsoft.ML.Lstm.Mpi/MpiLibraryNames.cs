namespace Microsoft.ML.Lstm.Mpi;

/// <summary>What MPI libraries are called, and which to try first: a library of another MPI than the launcher's sees but one process.</summary>
internal static class MpiLibraryNames
{
    private static readonly string[] s_open = OperatingSystem.IsMacOS() ? ["libmpi.40.dylib"] : ["libmpi.so.40"];

    // Debian's name comes before the upstream one, which Open MPI's development package has taken there.
    private static readonly string[] s_mpich =
        OperatingSystem.IsWindows() ? ["msmpi.dll", "impi.dll"]
        : OperatingSystem.IsMacOS() ? ["libmpi.12.dylib", "libpmpi.12.dylib"]
        : ["libmpich.so.12", "libmpi.so.12"];

    private static readonly string[] s_standard =
        OperatingSystem.IsWindows() ? ["mpi_abi.dll"]
        : OperatingSystem.IsMacOS() ? ["libmpi_abi.0.dylib", "libmpi_abi.dylib"]
        : ["libmpi_abi.so.0", "libmpi_abi.so"];

    private static readonly string[] s_any = OperatingSystem.IsWindows() ? [] : OperatingSystem.IsMacOS() ? ["libmpi.dylib"] : ["libmpi.so"];

    /// <summary>What to install where there is none.</summary>
    public static string HowToInstall =>
        OperatingSystem.IsWindows() ? "Microsoft MPI, or Intel MPI"
        : OperatingSystem.IsMacOS() ? "brew install open-mpi, or mpich"
        : "apt install openmpi-bin, or mpich (Debian, Ubuntu), dnf install openmpi, or mpich (Fedora, RHEL), or load your cluster's MPI module";

    /// <summary>The names, those of the MPI whose launcher has started this process first.</summary>
    /// <param name="environment">The environment's variables.</param>
    public static IReadOnlyList<string> InOrder(Func<string, string?> environment)
    {
        bool byOpen = environment("OMPI_COMM_WORLD_SIZE") is not null || environment("PMIX_RANK") is not null;
        bool byMpich = !byOpen && environment("PMI_RANK") is not null;
        string[] open = OperatingSystem.IsWindows() ? [] : s_open;
        return byMpich ? [.. s_mpich, .. s_standard, .. s_any, .. open] : [.. open, .. s_standard, .. s_mpich, .. s_any];
    }
}
