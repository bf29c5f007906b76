using Microsoft.ML.Lstm.Core.Tests.Kernels;
using Microsoft.ML.Lstm.Core.Tests.Persistence;
using Microsoft.ML.Lstm.Core.Tests.Training;

namespace Microsoft.ML.Lstm.Core.Tests;

/// <summary>What the test assembly does when a test starts it as a process of its own: to be killed, or to run with other instructions.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        switch (args)
        {
            case ["train", var checkpoint]:
                ResumableTraining.RunAsChild(checkpoint);
                return 0;
            case ["save", var folder]:
                EndlessSaving.RunAsChild(folder);
                return 0;
            case ["fingerprint"]:
                Console.WriteLine($"vectors of {BitFingerprint.VectorBits} bits");
                foreach (string line in BitFingerprint.Lines())
                    Console.WriteLine(line);
                return 0;
            case ["guarded"]:
                GuardedKernels.RunAsChild();
                return 0;
            default:
                Console.Error.WriteLine("This is a test assembly; expected 'dotnet test', or the arguments 'train CHECKPOINT', 'save FOLDER', 'fingerprint' or 'guarded'.");
                return 2;
        }
    }
}
