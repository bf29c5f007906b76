using System.Diagnostics;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>
/// Training and scoring on machines with narrower vectors: a child process with instruction sets switched off must come to the same bits. On another processor than this one, 64-bit
/// Arm, eng/arm.sh does it.
/// </summary>
public sealed class InstructionSetTests
{
    [Theory]
    [InlineData("EnableAVX512", 256)]
    [InlineData("EnableAVX2", 128)]
    public void Lines_NarrowerVectors_GivesTheSameBits(string switchedOff, int expectedBits)
    {
        string[] found = Child("fingerprint", switchedOff).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // A switch whose name the runtime no longer knows would compare this process with itself.
        Assert.Equal($"vectors of {Math.Min(expectedBits, BitFingerprint.VectorBits)} bits", found[0]);
        Assert.Equal(BitFingerprint.Lines(), found[1..]);
    }

    /// <summary>A kernel that reads beyond its arrays is an access violation, which no test of this process could report.</summary>
    [Theory]
    [InlineData("EnableAVX512")]
    [InlineData("EnableAVX2")]
    public void Kernels_AtTheEdgeOfMemory_StayWithinTheirArrays(string switchedOff)
    {
        if (OperatingSystem.IsLinux())
            Assert.Empty(Child("guarded", switchedOff));
    }

    private static string Child(string command, string switchedOff)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(InstructionSetTests).Assembly.Location, command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_" + switchedOff] = "0";
        using Process child = Process.Start(start)!;
        Task<string> errors = child.StandardError.ReadToEndAsync();
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, $"{command} ended with {child.ExitCode}: {errors.Result}");
        return output;
    }
}
