using System.Diagnostics;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>A test that needs a program of Unix, and that it may do what the test asks of it; else the test is skipped, with the
/// program's name.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class UnixFactAttribute : FactAttribute
{
    /// <param name="program">The program.</param>
    /// <param name="arguments">Arguments with which it does nothing, and ends with 0 where the test can run.</param>
    public UnixFactAttribute(string program, string arguments) => Skip = Works(program, arguments) ? null
        : $"'{program} {arguments}' does not work here.";

    private static bool Works(string program, string arguments)
    {
        if (OperatingSystem.IsWindows())
            return false;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true,
                RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
