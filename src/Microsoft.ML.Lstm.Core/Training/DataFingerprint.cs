using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// A hash that tells one dataset from another without reading all of it: shape, scaling, the length and weight of every example, and the first and
/// last values of up to 1,000 examples spread evenly.
/// </summary>
internal static class DataFingerprint
{
    private const int MostExamples = 1000, MostValues = 256, ExamplesAtOnce = 50;

    /// <summary>The hash of examples as they are fed to the network, as hexadecimal digits.</summary>
    public static string Of(IExampleSource data) => data is SequenceDataset dataset ? Of(dataset) : OfBatches(data);

    /// <summary>The hash of a dataset as it is fed to the network, as hexadecimal digits.</summary>
    private static string Of(SequenceDataset data)
    {
        var hash = new XxHash128();
        SequenceShape shape = data.Shape;
        Add<int>(hash, [shape.FeatureSize, shape.HasTokens ? 1 : 0, (int)shape.Target, shape.TargetSize, shape.TargetEveryStep ? 1 : 0, data.Count]);
        Add(hash, data.FeatureScaling);
        Add(hash, data.TargetScaling);
        for (int example = 0; example < data.Count; example++)
        {
            Add<int>(hash, [data.Length(example)]);
            Add<float>(hash, [data.Weight(example)]);
        }
        int sampled = Math.Min(data.Count, MostExamples);
        int[] examples = [.. Enumerable.Range(0, sampled).Select(i => (int)((long)i * data.Count / sampled))];
        foreach (int[] some in examples.Chunk(ExamplesAtOnce))
            AddValues(hash, data, some);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void AddValues(XxHash128 hash, SequenceDataset data, int[] examples)
    {
        if (data.Share is { } share)
            (data, examples) = (share.Collect(data, examples), [.. Enumerable.Range(0, examples.Length)]);
        foreach (int example in examples)
        {
            AddEnds(hash, data.Features(example));
            AddEnds(hash, data.Tokens(example));
            AddEnds(hash, data.Targets(example));
            AddEnds(hash, data.Classes(example));
        }
    }

    private static string OfBatches(IExampleSource data)
    {
        var hash = new XxHash128();
        var batch = new SequenceBatch();
        Add<int>(hash, [data.Count]);
        int sampled = Math.Min(data.Count, MostExamples);
        foreach (int[] some in Enumerable.Range(0, sampled).Select(i => (int)((long)i * data.Count / sampled)).Chunk(ExamplesAtOnce))
        {
            (data as ISharedExamples)?.Deal(_ => some);
            foreach (int example in some)
                AddBatch(hash, data, batch, example);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void AddBatch(XxHash128 hash, IExampleSource data, SequenceBatch batch, int example)
    {
        data.Fill(batch, [example]);
        AddEnds<float>(hash, batch.Features);
        AddEnds<float>(hash, batch.Targets);
        AddEnds<float>(hash, batch.Statics);
        AddEnds<float>(hash, batch.Futures);
        AddEnds<int>(hash, batch.Series);
    }

    private static void Add(XxHash128 hash, FeatureScaling? scaling)
    {
        Add<int>(hash, [scaling?.Size ?? 0]);
        if (scaling is null)
            return;
        Add(hash, scaling.Mean);
        Add(hash, scaling.Scale);
    }

    private static void AddEnds<T>(XxHash128 hash, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Add(hash, values[..Math.Min(MostValues, values.Length)]);
        Add(hash, values[Math.Max(0, values.Length - MostValues)..]);
    }

    private static void Add<T>(XxHash128 hash, ReadOnlySpan<T> values)
        where T : unmanaged => hash.Append(MemoryMarshal.AsBytes(values));
}
