using Microsoft.ML.Lstm.Core.Tests.Training;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>Training on machines with narrower vectors: a child process with instruction sets switched off must come to the same bits.</summary>
public sealed class InstructionSetTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512F")]
    [InlineData("DOTNET_EnableAVX2")]
    public void Digest_NarrowerVectors_GivesTheSameBits(string switchedOff)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(InstructionSetTests).Assembly.Location, "fingerprint"]) { RedirectStandardOutput = true };
        start.Environment[switchedOff] = "0";
        using Process child = Process.Start(start)!;
        string found = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        Assert.Equal(0, child.ExitCode);
        Assert.Equal(Fingerprint(), found);
    }

    /// <summary>A hash of every case's weights after a few steps with dropout, and of its outputs.</summary>
    internal static string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (NetworkCase c in NetworkCases.All)
        {
            RegularizationSpec dropout = new() { InputDropout = 0.1f, LayerDropout = 0.2f, OutputDropout = 0.1f };
            using var engine = new ManagedEngine(c.Spec, Plain.Engine with { Loss = c.Loss, ClipNorm = 0.5f, Regularization = dropout, Threads = 2, Seed = c.Seed });
            SequenceBatch batch = c.Batch();
            for (int step = 0; step < 4; step++)
                engine.Step(batch, 0.01f);
            float[] weights = new float[engine.Parameters.BlockLength], outputs = new float[batch.TargetRows * c.Spec.OutputSize];
            engine.ExportWeights(weights);
            engine.Predict(batch, outputs);
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(weights));
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(outputs));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
