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
        var start = new ProcessStartInfo("dotnet", [typeof(InstructionSetTests).Assembly.Location, "fingerprint"]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_" + switchedOff] = "0";
        using Process child = Process.Start(start)!;
        string[] found = child.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        // A switch whose name the runtime no longer knows would compare this process with itself.
        Assert.Equal($"vectors of {Math.Min(expectedBits, BitFingerprint.VectorBits)} bits", found[0]);
        Assert.Equal(BitFingerprint.Lines(), found[1..]);
    }
}
