using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Sequences;

public class SequenceSplitTests
{
    [Theory]
    [InlineData(0.2, 0, new[] { 50 })]
    [InlineData(0.1, 11, new[] { 100 })]
    [InlineData(0.2, 3, new[] { 50, 20, 9 })]
    [InlineData(0.1, 0, new[] { 5, 5, 5, 5, 5, 5, 5, 5 })]
    [InlineData(0.3, 5, new[] { 40, 3, 1, 12, 7 })]
    public void SplitLast_SeveralSeries_HoldsOutTheEndOfEachAfterAGap(double fraction, int gap, int[] lengths)
    {
        foreach (bool interleaved in new[] { false, true })
        {
            SequenceDataset dataset = Of(lengths, gap, interleaved);

            (SequenceDataset first, SequenceDataset last) = dataset.SplitLast(fraction);

            for (int series = 0; series < lengths.Length; series++)
            {
                int[] trained = PlacesIn(first, series), held = PlacesIn(last, series);
                int left = held.Length == 0 ? lengths[series] : lengths[series] - held.Length - gap;
                Assert.Equal(Enumerable.Range(0, left), trained);
                Assert.Equal(Enumerable.Range(lengths[series] - held.Length, held.Length), held);
                Assert.True(left > 0);
            }
            int splittable = lengths.Where(l => l > gap + 1).Sum();
            Assert.InRange(last.Count, Math.Max(1, splittable * fraction - 1.5), splittable * fraction + 1.5);
        }
    }

    [Fact]
    public void SplitLast_NoSeriesLongEnough_HoldsOutWholeSeries()
    {
        (SequenceDataset first, SequenceDataset last) = Of([2, 2, 2, 2, 2], gap: 3, interleaved: false).SplitLast(0.4);

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 5).Where(s => PlacesIn(first, s).Length == 2));
        Assert.Equal([3, 4], Enumerable.Range(0, 5).Where(s => PlacesIn(last, s).Length == 2));
    }

    [Fact]
    public void SplitLast_OneSeriesShorterThanTheGap_SaysHowManyExamplesItNeeds()
    {
        var error = Assert.Throws<ArgumentException>(() => Of([6], gap: 5, interleaved: false).SplitLast(0.2));

        Assert.Contains("more than 6 examples; expected at least 7", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_NegativeSeries_IsNamed()
    {
        var dataset = new SequenceDataset(new SequenceShape { FeatureSize = 1 });

        var error = Assert.Throws<ArgumentException>(() => dataset.Add(new SequenceExample { Features = [1], Targets = [1], Series = -1 }));

        Assert.Contains("series of example 0 is -1", error.Message, StringComparison.Ordinal);
    }

    // The target says the example's place in its series.
    private static SequenceDataset Of(int[] lengths, int gap, bool interleaved)
    {
        var dataset = new SequenceDataset(new SequenceShape { FeatureSize = 1 }) { LabelGap = gap };
        IEnumerable<(int Series, int Place)> order = lengths.SelectMany((length, series) => Enumerable.Range(0, length).Select(place => (series, place)));
        foreach ((int series, int place) in interleaved ? order.OrderBy(e => e.Place) : order)
            dataset.Add(new SequenceExample { Features = [series], Targets = [place], Series = series });
        return dataset;
    }

    private static int[] PlacesIn(SequenceDataset dataset, int series) =>
        [.. Enumerable.Range(0, dataset.Count).Where(i => dataset.Series(i) == series).Select(i => (int)dataset.Targets(i)[0])];
}
