using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>
/// Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) of the features of a sequence. For feature c in the block of
/// steps B, with permutations π₁…π_P of the rows,
/// <code>
/// x'ᵢ[t, c] = x_π(i)[t, c] for t in B,  x'ᵢ = xᵢ elsewhere
/// I(c, B)   = 1/P · Σₚ ( M(f(x'), y) − M(f(x), y) )
/// </code>
/// where f is the network, y the labels and M a metric. A feature is exchanged in all steps of B at once: single values of a series tell
/// little that their neighbours do not. All features are exchanged by the same permutations, so that their differences are not those of
/// chance.
/// </summary>
/// <param name="host">Where exceptions and warnings are said to come from.</param>
/// <param name="network">The transformer that scores.</param>
/// <param name="model">Its model.</param>
/// <param name="options">The options, which have been checked.</param>
internal sealed class SequencePermutation(IHost host, ITransformer network, RecurrentModel model, PermutationImportanceOptions options)
{
    /// <summary>Measures every feature, block by block; the most important first.</summary>
    public IReadOnlyList<SequenceImportance<TStatistics>> Run<TStatistics>(IDataView data, ImportanceMetrics<TStatistics> metrics)
    {
        SequenceInput input = model.Input.ToInput();
        var rows = new SequenceRows(host, data, input, metrics.Label, options.NumberOfExamplesToUse, options.CancellationToken);
        using var cancellation = new HostCancellation(host, options.CancellationToken);
        int seed = options.Seed ?? host.Rand.Next();
        int[][] permutations = [.. Enumerable.Range(0, options.PermutationCount).Select(i => Donors.Draw(rows.Count, unchecked(seed + i)))];
        double[] before = Measure(null);
        var measured = new List<SequenceImportance<TStatistics>>();
        foreach ((string name, int[]? places) in Features(data.Schema, input))
            foreach (StepBlock steps in StepBlock.Cut(rows.LongestLength, options.NumberOfBlocks))
            {
                TStatistics change = metrics.Create();
                foreach (int[] donors in permutations)
                    Add(metrics.Each(change), Measure(new SequenceExchange(places, steps.First, steps.Last, donors)), before);
                measured.Add(new SequenceImportance<TStatistics>(name, steps.First, steps.Last, change));
            }
        return [.. measured.OrderByDescending(one => metrics.Loss(one.Change))];

        double[] Measure(SequenceExchange? exchange)
        {
            cancellation.Token.ThrowIfCancellationRequested();
            return metrics.Measure(network.Transform(new ExchangedRowsView(rows, exchange)));
        }
    }

    // Values of one name are one feature.
    private static IEnumerable<(string Name, int[]? Places)> Features(DataViewSchema schema, SequenceInput input)
    {
        if (!input.Features.IsTokens)
        {
            string[] names = ChannelNames.Of(schema[input.Features.Name], input.FeatureSize);
            foreach (IGrouping<string, int> places in Enumerable.Range(0, names.Length).GroupBy(place => names[place]))
                yield return (places.Key, [.. places]);
        }
        if (input.TokenColumn is { } tokens)
            yield return (tokens.Name, null);
    }

    private static void Add(IReadOnlyList<MetricStatistics> statistics, double[] after, double[] before)
    {
        for (int i = 0; i < statistics.Count; i++)
            MetricChanges.Add(statistics[i], after[i] - before[i]);
    }
}
