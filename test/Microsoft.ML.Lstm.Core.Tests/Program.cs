using Microsoft.ML.Lstm.Core.Tests.Training;

namespace Microsoft.ML.Lstm.Core.Tests;

/// <summary>What the test assembly does when a test starts it as a process of its own, to be killed.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not ["train", var checkpoint])
        {
            Console.Error.WriteLine("This is a test assembly; expected 'dotnet test', or the arguments 'train CHECKPOINT'.");
            return 2;
        }
        ResumableTraining.RunAsChild(checkpoint);
        return 0;
    }
}
