namespace Microsoft.ML.Lstm.Core.Tests;

public class PluralTests
{
    [Theory]
    [InlineData(0, "0 rows")]
    [InlineData(1, "1 row")]
    [InlineData(2, "2 rows")]
    [InlineData(1000, "1000 rows")]
    public void Of_Count_HasTheRightForm(long count, string expected) => Assert.Equal(expected, Plural.Of(count, "row"));

    [Theory]
    [InlineData(1, "1 entity")]
    [InlineData(3, "3 entities")]
    public void Of_OtherPlural_UsesIt(long count, string expected) => Assert.Equal(expected, Plural.Of(count, "entity", "entities"));
}
