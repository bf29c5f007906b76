namespace Microsoft.ML.Lstm.Tests.Embedding;

public class WordVectorsTests
{
    [Fact]
    public void Read_WordsWithSpaces_MeanIsOfAll()
    {
        WordVectors vectors = Vectors.Few();

        Assert.Equal((4, 3), (vectors.Count, vectors.Size));
        Assert.Equal(["good", "bad", "film", ". . ."], vectors.Words);
        Assert.True(vectors.TryGet(". . .", out ReadOnlySpan<float> dots));
        Assert.Equal([0, 0, 1], dots);
        Assert.False(vectors.TryGet("Good", out ReadOnlySpan<float> none));
        Assert.True(none.IsEmpty);
        Assert.Equal([0, 0.5f, 1.75f / 4], vectors.Mean);
    }

    [Theory]
    [InlineData("2 3\na 1 2 3\nb 4 5 6")]
    [InlineData("a\t1\t2\t3 \nb\t4\t5\t6 \n\n")]
    [InlineData("a 1 2 3\nb 4 5 6\na 7 8 9")]
    public void Read_HeadersTabsBlankEndsAndRepeatedWords_AreTaken(string text)
    {
        WordVectors vectors = Vectors.Read(text);

        Assert.Equal(["a", "b"], vectors.Words);
        Assert.True(vectors.TryGet("a", out ReadOnlySpan<float> vector));
        Assert.Equal([1, 2, 3], vector);
    }

    [Fact]
    public void Read_TwoNumbersThatNothingConfirms_AreAWordAndAVector()
    {
        Assert.Equal(["7", "8"], Vectors.Read("7 2\n8 3").Words);
        Assert.Equal(["7"], Vectors.Read("7 2").Words);
    }

    [Theory]
    [InlineData("", "The text has no line with a word and its numbers; expected at least 1")]
    [InlineData("word", "0 numbers after the word in line 1; expected 1 or more")]
    [InlineData("a 1 2 3\nb 4 5", "2 numbers after the word in line 2; expected 3")]
    [InlineData("a 1 2\n\nb 4 five", "'five' for number 2 in line 3; expected a finite number")]
    [InlineData("a 1 2\nb NaN 1", "'NaN' for number 1 in line 2")]
    [InlineData("a 1 2\nb 1,5 2", "'1,5' for number 1 in line 2; expected a finite number, with a point before its decimals")]
    [InlineData("a 1 2\nb 1 2,000", "'2,000' for number 2 in line 2")]
    [InlineData("a 1 (2)", "'(2)' for number 2 in line 1")]
    public void Read_UnexpectedLine_IsNamed(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<InvalidDataException>(() => Vectors.Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Load_DamagedFile_IsNamed()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Vectors.Text);
            Assert.Equal(4, WordVectors.Load(path).Count);
            File.WriteAllText(path, "a 1 x");
            Assert.Contains($"The file '{path}' has 'x'", Assert.Throws<InvalidDataException>(() => WordVectors.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<FileNotFoundException>(() => WordVectors.Load(path));
    }
}
