using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>What training and scoring come to, bit by bit, as hashes: equal on every processor, whatever its vectors.</summary>
internal static class BitFingerprint
{
    // Of a wide network one step: where fused multiply-adds are made in software, it costs a tenth of a second.
    private const int Steps = 4, WideSteps = 1;
    private static readonly RegularizationSpec s_dropout = new() { InputDropout = 0.1f, LayerDropout = 0.2f, OutputDropout = 0.1f };
    private static readonly LearningRateSchedule[] s_schedules =
    [
        LearningRateSchedule.StepDecay(0.01f, 2, 0.7f), LearningRateSchedule.Exponential(0.01f, 0.8f), LearningRateSchedule.Cosine(0.01f, 20), LearningRateSchedule.OneCycle(0.01f),
    ];

    /// <summary>
    /// Of every case a line, its name and a hash of its weights after a few steps with dropout, of its outputs and of its losses; then of what cells make of special values, of
    /// probabilities and of learning rates.
    /// </summary>
    public static IEnumerable<string> Lines() =>
    [
        .. NetworkCases.All.Select(c => Line(c, Steps)),
        .. NetworkCases.Wide.Select(c => Line(c, WideSteps)),
        .. ForecastCases.All.Select(c => Line(c, Steps)),
        .. ForecastCases.Wide.Select(c => Line(c, WideSteps)),
        .. from cell in Enum.GetValues<CellKind>()
           from width in (int[])[8, 16, 32]
           select $"special values {cell} {width} {Hash(SpecialValueTile.Forward(cell, width))}",
        $"sigmoid {Hash(Grid(Logistic.Sigmoid))}",
        $"softmax {Hash(Softmax())}",
        .. s_schedules.Select(schedule => $"schedule {schedule.Kind} {Hash([.. Enumerable.Range(0, 500).Select(step => schedule.At(step / 50, step, 500))])}"),
    ];

    /// <summary>The widest vectors that the kernels use here, in bits.</summary>
    public static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    private static string Line(NetworkCase c, int steps)
    {
        using var engine = new ManagedEngine(c.Spec, Plain.Engine with { Loss = c.Loss, ClipNorm = 0.5f, Regularization = s_dropout, Threads = 2, Seed = c.Seed });
        return $"{c.Name} {Train(engine, c.Batch(), c.Spec, steps)}";
    }

    private static string Line(ForecastCase c, int steps)
    {
        using ManagedEngine engine = c.Engine();
        return $"{c.Name} {Train(engine, c.Batch(), c.Spec, steps)}";
    }

    private static string Train(ManagedEngine engine, SequenceBatch batch, NetworkSpec spec, int steps)
    {
        for (int step = 0; step < steps; step++)
            engine.Step(batch, 0.01f);
        float[] weights = new float[engine.Parameters.BlockLength], outputs = new float[batch.TargetRows * spec.OutputSize];
        engine.ExportWeights(weights);
        engine.Predict(batch, outputs);
        return Hash([.. weights, .. outputs, (float)engine.Evaluate(batch).Sum]);
    }

    private static float[] Grid(Func<float, float> of) => [.. Enumerable.Range(-3000, 6001).Select(i => of(i * 0.0137f))];

    private static float[] Softmax()
    {
        float[] logits = Grid(x => MathF.Abs(x % 17)), probabilities = new float[logits.Length];
        Logistic.Softmax(logits, probabilities);
        return probabilities;
    }

    private static string Hash(float[] values) => Convert.ToHexString(XxHash128.Hash(MemoryMarshal.AsBytes<float>(values)));
}
