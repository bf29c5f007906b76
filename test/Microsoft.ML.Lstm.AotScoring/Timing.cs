using System.Diagnostics;
using System.Globalization;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.Lstm.AotScoring;

/// <summary>What one prediction costs.</summary>
internal static class Timing
{
    private const int Rounds = 9, PerRound = 200;

    /// <summary>Prints the median time of scoring one sequence of numbers.</summary>
    public static void Run(string path)
    {
        RecurrentModel model = RecurrentModel.Load(path);
        RecurrentScorer scorer = model.CreateScorer();
        float[] sequence = new float[(model.StepCount ?? 50) * model.Spec.InputSize];
        double[] microseconds = new double[Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < PerRound; i++)
                scorer.Score(sequence);
            microseconds[round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / PerRound;
        }
        Array.Sort(microseconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{model}: {microseconds[Rounds / 2]:F1} µs a prediction, the quickest {microseconds[0]:F1}; Vector256 {Vector256.IsHardwareAccelerated}, Vector512 {Vector512.IsHardwareAccelerated}"));
    }
}
