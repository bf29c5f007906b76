namespace Microsoft.ML.Lstm.Training;

/// <summary>How an epoch walks over the examples.</summary>
public enum BatchOrderKind
{
    /// <summary>As they were added.</summary>
    Sequential,

    /// <summary>In random order, drawn anew each epoch.</summary>
    Shuffled,

    /// <summary>Shuffled, then batched by similar length, the batches themselves in random order. The same as <see cref="Shuffled"/> when all examples are of one length.</summary>
    LengthBuckets,

    /// <summary>One long example as <c>BatchSize</c> parallel streams, in chunks of so many steps: truncated backpropagation through time for a stateful engine.</summary>
    Streams,
}
