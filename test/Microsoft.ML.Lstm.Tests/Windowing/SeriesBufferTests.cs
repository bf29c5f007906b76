using Microsoft.ML.Lstm.Windowing;

namespace Microsoft.ML.Lstm.Tests.Windowing;

public class SeriesBufferTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 3)]
    [InlineData(1500, 2)]
    public void Append_MoreRowsThanAreKept_LastAreHeldInOrder(int length, int width)
    {
        var buffer = new SeriesBuffer(length, width);
        for (int row = 0; row < 5 * (length + 20); row++)
        {
            Span<float> values = buffer.Append();
            for (int i = 0; i < width; i++)
                values[i] = (row * width) + i;
            if (row % 97 != 0 && row > length + 2)
                continue;
            float first = (row + 1 - buffer.Held) * width;
            Assert.Equal(Math.Min(length, row + 1), buffer.Held);
            Assert.Equal(Enumerable.Range(0, buffer.Held * width).Select(i => first + i), buffer.Last(buffer.Held).ToArray());
        }
    }

    [Theory]
    [InlineData(1_000_000, 1, 1_125_000)]
    [InlineData(1_000_000, 3, 3_375_000)]
    [InlineData(100, 1, 200)]
    public void Append_ForEver_KeepsLittleMoreThanTheWindow(int length, int width, int most)
    {
        var buffer = new SeriesBuffer(length, width);
        for (int row = 0; row < length + (length / 4); row++)
            buffer.Append();

        Assert.InRange(buffer.Capacity, length * width, most);
    }
}
