using System.Diagnostics;

namespace Microsoft.ML.Lstm.Mpi.Tests;

/// <summary>Starts this assembly as several processes by an MPI launcher, on this machine alone.</summary>
internal static class Launcher
{
    public const string OpenMpi = "openmpi", Mpich = "mpich";

    private static readonly Dictionary<string, string[]> s_arguments = new()
    {
        // Continuous integration runs as root, on fewer cores than processes.
        [OpenMpi] = ["--allow-run-as-root", "--oversubscribe", "--mca", "btl_tcp_if_include", "lo", "--mca", "oob_tcp_if_include", "lo"],
        [Mpich] = ["-iface", "lo"],
    };

    /// <summary>Runs to the end.</summary>
    /// <param name="mpi">Whose launcher.</param>
    /// <param name="size">Processes.</param>
    /// <param name="arguments">What each is given.</param>
    public static (int ExitCode, string Out, string Error) Run(string mpi, int size, params IEnumerable<string> arguments)
    {
        string assembly = typeof(Launcher).Assembly.Location;
        return Run("mpirun." + mpi, (string[])[.. s_arguments[mpi], "-n", Invariant($"{size}"), "dotnet", assembly, .. arguments]);
    }

    /// <summary>Runs one process without a launcher.</summary>
    public static (int ExitCode, string Out, string Error) RunAlone(params IEnumerable<string> arguments) =>
        Run("dotnet", (string[])[typeof(Launcher).Assembly.Location, .. arguments]);

    /// <summary>Runs a program.</summary>
    public static (int ExitCode, string Out, string Error) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        return (process.ExitCode, output.Result, error.Result);
    }
}
