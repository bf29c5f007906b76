using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Golden;

/// <summary>The reference network against PyTorch. Both compute in double precision, so they agree but for the order of summation.</summary>
public class GoldenReferenceTests
{
    private const double Tolerance = 1e-11;

    public static TheoryData<string> Networks => [.. GoldenFile.Names("network-")];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Run_Recording_GivesOutputsLossAndGradientsOfPyTorch(string name)
    {
        GoldenFile golden = GoldenFile.Named(name);
        var network = new ReferenceNetwork(golden.Spec, golden.Options.Loss);
        golden.Weights().Select(w => (double)w).ToArray().CopyTo(network.Weights, 0);
        SequenceBatch batch = golden.Batch();

        ReferenceResult result = network.Run(batch);

        AssertClose(golden.Outputs(batch), result.Outputs, "outputs");
        AssertClose(golden.Tensors.Values<double>("loss").ToArray(), [result.Loss.Mean], "loss");
        foreach (ParameterSlice slice in network.Layout.Slices)
        {
            double[] expected = golden.Tensors.Values<double>("gradients/" + slice.Name).ToArray();
            AssertClose(expected, result.Gradients[slice.Offset..(slice.Offset + slice.Length)], slice.Name);
        }
    }

    [Fact]
    public void Recordings_EveryCellLayerCountDirectionAndLength_AreThere() =>
        Assert.Superset(
            (from cell in (string[])["lstm", "gru", "rnntanh", "rnnrelu"]
             from layers in (int[])[1, 2]
             from direction in (string[])["forward", "bidirectional"]
             from shape in (string[])["uniform", "packed"]
             select $"network-{cell}-{layers}-{direction}-{shape}").ToHashSet(),
            GoldenFile.Names("network-").ToHashSet());

    private static void AssertClose(double[] expected, double[] found, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - found[i]) <= Tolerance, $"{what}[{i}]: {found[i]:R}, PyTorch {expected[i]:R}");
    }
}
