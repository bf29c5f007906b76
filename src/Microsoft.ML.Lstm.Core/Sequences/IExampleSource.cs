namespace Microsoft.ML.Lstm.Sequences;

/// <summary>Examples by number that can be packed into batches: what training and scoring need to know of data. Reading is thread-safe.</summary>
public interface IExampleSource
{
    /// <summary>Number of examples.</summary>
    int Count { get; }

    /// <summary>Steps of all examples.</summary>
    long StepCount { get; }

    /// <summary>Steps of an example.</summary>
    int Length(int example);

    /// <summary>Packs examples into a batch; their order there is the batch's own. Allocates nothing once the batch has grown.</summary>
    void Fill(SequenceBatch batch, ReadOnlySpan<int> examples);
}
