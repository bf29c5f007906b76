using Microsoft.ML.Data;

namespace Samples.Shared;

/// <summary>A grey image of a digit.</summary>
internal sealed class DigitImage
{
    private const int Side = 28;

    /// <summary>The pixels from 0 to 1, row by row.</summary>
    [VectorType(Side, Side)]
    public float[] Pixels { get; set; } = [];

    /// <summary>What it shows.</summary>
    public uint Digit { get; set; }

    /// <summary>Images of MNIST, in the file's order.</summary>
    public static DigitImage[] Read(SampleContext context, string part, int most)
    {
        IdxFile images = IdxFile.Read(context.DataFile($"{part}-images-idx3-ubyte.gz")), labels = IdxFile.Read(context.DataFile($"{part}-labels-idx1-ubyte.gz"));
        int size = Side * Side, count = Math.Min(most, labels.Values.Length);
        return [.. Enumerable.Range(0, count).Select(i => new DigitImage { Digit = labels.Values[i], Pixels = [.. images.Values[(i * size)..((i + 1) * size)].Select(pixel => pixel / 255f)] })];
    }

    /// <summary>Upright (1) and lying bars (0).</summary>
    public static DigitImage[] Bars(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => (Digit: i % 2, Place: random.Next(4, Side - 4))).Select(bar => new DigitImage
        {
            Digit = (uint)bar.Digit,
            Pixels = [.. Enumerable.Range(0, Side * Side).Select(p => Math.Abs((bar.Digit == 0 ? p / Side : p % Side) - bar.Place) < 2 ? 1f : 0f)],
        })];
    }
}
