namespace Microsoft.ML.Lstm.Onnx.Tests;

/// <summary>Agreement within 1e-5, relative to the largest value where that is above 1.</summary>
internal static class Near
{
    public static void Equal(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        float largest = 1;
        foreach (float value in expected)
            largest = Math.Max(largest, float.IsFinite(value) ? Math.Abs(value) : 0);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(
                float.IsNaN(expected[i]) ? float.IsNaN(found[i]) : Math.Abs(expected[i] - found[i]) <= 1e-5f * largest,
                $"Value {i} is {found[i]}; expected {expected[i]}.");
    }
}
