using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

/// <summary>exp, the logistic function and tanh in units in the last place, and at every width the same bits.</summary>
public sealed unsafe class ActivationsTests
{
    public static TheoryData<string, double> Bounds => new() { { "exp", 1.5 }, { "sigmoid", 2.5 }, { "tanh", 4.5 } };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Activation_AnyValue_IsWithinAFewUlpOfTheExact(string function, double bound)
    {
        double worst = 0;
        foreach (float x in Inputs())
        {
            float found = Wide(function, x);
            double exact = Exact(function, x);
            double ulp = MathF.BitIncrement(Math.Abs((float)exact)) - Math.Abs((float)exact);
            worst = Math.Max(worst, Math.Abs(found - exact) / ulp);
        }
        Assert.InRange(worst, 0.01, bound);
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void Activation_EveryWidth_GivesTheSameBits(string function, double bound)
    {
        Assert.True(bound > 0);
        foreach (float x in Inputs().Where((_, i) => i % 17 == 0))
        {
            int wide = BitConverter.SingleToInt32Bits(Wide(function, x));
            Assert.Equal(wide, BitConverter.SingleToInt32Bits(Apply<Lanes256, Vector256<float>>(function, Vector256.Create(x))[0]));
            Assert.Equal(wide, BitConverter.SingleToInt32Bits(Apply<Lanes128, Vector128<float>>(function, Vector128.Create(x))[0]));
        }
    }

    [Theory]
    [InlineData("exp", float.NaN, float.NaN)]
    [InlineData("sigmoid", float.NaN, float.NaN)]
    [InlineData("tanh", float.NaN, float.NaN)]
    [InlineData("sigmoid", float.PositiveInfinity, 1f)]
    [InlineData("sigmoid", 200f, 1f)]
    [InlineData("sigmoid", 0f, 0.5f)]
    [InlineData("tanh", 0f, 0f)]
    [InlineData("exp", 0f, 1f)]
    public void Activation_SpecialValue_IsKept(string function, float x, float expected) => Assert.Equal(expected, Wide(function, x));

    [Fact]
    public void Activation_FarOut_Saturates()
    {
        Assert.Equal(1, Wide("tanh", 1e30f), 1e-6);
        Assert.Equal(-1, Wide("tanh", float.NegativeInfinity), 1e-6);
        Assert.InRange(Wide("sigmoid", float.NegativeInfinity), 0, 1.3e-38f);
        Assert.InRange(Wide("exp", -1000), 0, 1.3e-38f);
        Assert.InRange(Wide("exp", 1000), 8e37f, float.MaxValue);
    }

    private static IEnumerable<float> Inputs()
    {
        for (float x = -87; x < 87; x += 0.0137f)
            yield return x;
        for (float x = 1e-30f; x < 1; x *= 1.01f)
            yield return x;
    }

    private static double Exact(string function, double x) => function switch
    {
        "exp" => Math.Exp(x),
        "sigmoid" => 1 / (1 + Math.Exp(-x)),
        _ => Math.Tanh(x),
    };

    private static float Wide(string function, float x) => Apply<Lanes512, Vector512<float>>(function, Vector512.Create(x))[0];

    private static V Apply<L, V>(string function, V x)
        where L : ILanes<V>
        where V : struct => function switch
        {
            "exp" => Activations<L, V>.Exp(x),
            "sigmoid" => Activations<L, V>.Sigmoid(x),
            _ => Activations<L, V>.Tanh(x),
        };
}
