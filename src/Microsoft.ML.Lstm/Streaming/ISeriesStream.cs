using Microsoft.ML.Lstm.Rows;

namespace Microsoft.ML.Lstm.Streaming;

/// <summary>The one transformer of a model that reads more than a row: takes rows one by one, and adds to each what it makes of its series so far.</summary>
internal interface ISeriesStream : IRowExtension
{
    /// <summary>Takes the current row into its series.</summary>
    /// <returns>Whether there is anything to be said of it.</returns>
    /// <exception cref="InvalidOperationException">The row cannot follow the one before it; it is not taken.</exception>
    bool Take(in StreamRequest request);

    /// <summary>The transformer, knowing the series so far.</summary>
    ITransformer Saved();
}
