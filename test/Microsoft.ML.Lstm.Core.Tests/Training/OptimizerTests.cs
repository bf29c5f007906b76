using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Optimizers;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public class OptimizerTests
{
    public static TheoryData<OptimizerSpec> Specs => new(
        new OptimizerSpec { Kind = OptimizerKind.Sgd },
        new OptimizerSpec { Kind = OptimizerKind.Sgd, WeightDecay = 0.1f },
        new OptimizerSpec { Kind = OptimizerKind.Sgd, Momentum = 0.9f, WeightDecay = 0.01f },
        new OptimizerSpec { Kind = OptimizerKind.Sgd, Momentum = 0.9f, Nesterov = true },
        new OptimizerSpec { Kind = OptimizerKind.Adam },
        new OptimizerSpec { Kind = OptimizerKind.Adam, WeightDecay = 0.05f, Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-3f },
        new OptimizerSpec { Kind = OptimizerKind.AdamW, WeightDecay = 0.05f },
        new OptimizerSpec { Kind = OptimizerKind.AdaGrad, WeightDecay = 0.02f },
        new OptimizerSpec { Kind = OptimizerKind.RmsProp, WeightDecay = 0.02f },
        new OptimizerSpec { Kind = OptimizerKind.RmsProp, Momentum = 0.8f, Smoothing = 0.9f });

    [Theory]
    [MemberData(nameof(Specs))]
    public void Update_AnyOptimizer_FollowsTheFormulaInDouble(OptimizerSpec spec)
    {
        const int Length = 37;
        var random = new RandomStream(1UL);
        float[] weights = Random(random, Length);
        double[] expected = [.. weights.Select(w => (double)w)], m = new double[Length], v = new double[Length];
        var optimizer = new Optimizer(spec, Length);
        for (int t = 1; t <= 20; t++)
        {
            float[] gradients = Random(random, Length);
            optimizer.BeginStep();
            optimizer.Update(weights, gradients, 0, 0.01f);
            for (int i = 0; i < Length; i++)
                expected[i] = Next(spec, expected[i], gradients[i], ref m[i], ref v[i], t, 0.01);
            for (int i = 0; i < Length; i++)
                Assert.Equal(expected[i], weights[i], 3e-6);
        }
        Assert.Equal(20, optimizer.UpdateCount);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Update_BlockCut_ChangesNoBit(OptimizerSpec spec)
    {
        const int Length = 101;
        float[] whole = Random(new RandomStream(2UL), Length), cut = [.. whole];
        Optimizer a = new(spec, Length), b = new(spec, Length);
        int[] ends = [3, 20, 21, 64, 80, Length];
        for (int t = 0; t < 5; t++)
        {
            float[] gradients = Random(new RandomStream(10UL + (ulong)t), Length);
            a.BeginStep();
            a.Update(whole, gradients, 0, 0.01f);
            b.BeginStep();
            for (int k = 0, start = 0; k < ends.Length; start = ends[k++])
                b.Update(cut.AsSpan(start..ends[k]), gradients.AsSpan(start..ends[k]), start, 0.01f);
        }
        Assert.Equal(whole, cut);
    }

    [Theory]
    [MemberData(nameof(Specs))]
    public void Update_AfterRestore_IsTheSame(OptimizerSpec spec)
    {
        float[] weights = Random(new RandomStream(3UL), 40), gradients = Random(new RandomStream(4UL), 40);
        var optimizer = new Optimizer(spec, 40);
        for (int t = 0; t < 3; t++)
        {
            optimizer.BeginStep();
            optimizer.Update(weights, gradients, 0, 0.01f);
        }
        var restored = new Optimizer(spec, 40);
        restored.ImportState(optimizer.ExportState(), optimizer.UpdateCount);
        float[] copy = [.. weights];
        foreach (var (target, which) in new[] { (weights, optimizer), (copy, restored) })
        {
            which.BeginStep();
            which.Update(target, gradients, 0, 0.02f);
        }
        Assert.Equal(weights, copy);
    }

    [Fact]
    public void Update_ZeroWeightsAndGradients_StayZero()
    {
        foreach (OptimizerSpec spec in Specs.Cast<object[]>().Select(row => (OptimizerSpec)row[0]))
        {
            float[] weights = new float[16];
            var optimizer = new Optimizer(spec, 16);
            optimizer.BeginStep();
            optimizer.Update(weights, new float[16], 0, 0.01f);
            Assert.All(weights, w => Assert.Equal(0, w));
        }
    }

    [Fact]
    public void ImportState_ForeignState_IsRefused()
    {
        var adam = new Optimizer(new() { Kind = OptimizerKind.Adam }, 8);
        var shorter = new Optimizer(new() { Kind = OptimizerKind.Adam }, 4);
        var rms = new Optimizer(new() { Kind = OptimizerKind.RmsProp }, 8);
        Assert.Contains("'exp_avg' has 4", Assert.Throws<ArgumentException>(() => adam.ImportState(shorter.ExportState(), 1)).Message);
        Assert.Contains("no 'exp_avg'", Assert.Throws<ArgumentException>(() => adam.ImportState(rms.ExportState(), 1)).Message);
    }

    [Theory]
    [InlineData(-0.1f, 0.9f, 0, "Momentum")]
    [InlineData(0f, 1f, 0, "Beta1")]
    [InlineData(0f, 0.9f, float.NaN, "WeightDecay")]
    public void Validate_ConstantOutOfRange_IsNamed(float momentum, float beta1, float decay, string property)
    {
        var spec = new OptimizerSpec { Momentum = momentum, Beta1 = beta1, WeightDecay = decay };
        Assert.Equal(property, Assert.Throws<ArgumentException>(() => new Optimizer(spec, 4)).ParamName);
    }

    private static double Next(OptimizerSpec spec, double w, double dw, ref double m, ref double v, int t, double rate)
    {
        double g = spec.Kind == OptimizerKind.AdamW ? dw : dw + spec.WeightDecay * w;
        double epsilon = spec.Epsilon ?? (spec.Kind == OptimizerKind.AdaGrad ? 1e-10 : 1e-8);
        switch (spec.Kind)
        {
            case OptimizerKind.Sgd:
                m = t == 1 ? g : spec.Momentum * m + g;
                return w - rate * (spec.Momentum == 0 ? g : spec.Nesterov ? g + spec.Momentum * m : m);
            case OptimizerKind.AdaGrad:
                v += g * g;
                return w - rate * g / (Math.Sqrt(v) + epsilon);
            case OptimizerKind.RmsProp:
                v = spec.Smoothing * v + (1 - spec.Smoothing) * g * g;
                m = spec.Momentum * m + g / (Math.Sqrt(v) + epsilon);
                return w - rate * m;
            default:
                m = spec.Beta1 * m + (1 - spec.Beta1) * g;
                v = spec.Beta2 * v + (1 - spec.Beta2) * g * g;
                double mean = m / (1 - Math.Pow(spec.Beta1, t)), square = v / (1 - Math.Pow(spec.Beta2, t));
                double kept = spec.Kind == OptimizerKind.AdamW ? w - rate * spec.WeightDecay * w : w;
                return kept - rate * mean / (Math.Sqrt(square) + epsilon);
        }
    }

    private static float[] Random(RandomStream random, int length)
    {
        float[] values = new float[length];
        foreach (ref float value in values.AsSpan())
            value = (float)random.NextGaussian();
        return values;
    }
}
