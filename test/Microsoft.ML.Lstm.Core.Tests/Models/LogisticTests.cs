using Microsoft.ML.Lstm.Models;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

public class LogisticTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(10_000)]
    public void Softmax_AnyLogits_AgreesWithTheFormulaInDouble(int count)
    {
        var random = new Random(count);
        float[] logits = [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 20) - 10)], probabilities = new float[count + 1];
        probabilities[count] = 7;

        Logistic.Softmax(logits, probabilities);

        double sum = logits.Sum(y => Math.Exp(y));
        Assert.All(logits.Zip(probabilities), row => Assert.Equal(1, row.Second / (Math.Exp(row.First) / sum), 1e-5));
        Assert.Equal(7, probabilities[count]);
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    [InlineData(20, 40)]
    public void Softmax_NaN_IsNaN(int place, int count)
    {
        float[] logits = new float[count], probabilities = new float[count];
        logits[place] = float.NaN;

        Logistic.Softmax(logits, probabilities);

        Assert.All(probabilities, p => Assert.True(float.IsNaN(p)));
    }
}
