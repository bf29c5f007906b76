namespace Microsoft.ML.Lstm;

/// <summary>
/// Which rows each of several processes reads and holds that train together. The batches, and the model to the bit, are the same
/// whichever it is; what a process
/// lacks for a batch, others send.
/// </summary>
public enum DistributedData
{
    /// <summary>Each process is given all rows, in the same order, and holds all.</summary>
    All,

    /// <summary>Each process is given all rows, in the same order, and holds an equal, contiguous share of them; for a forecaster, consecutive series of about as
    /// many rows.</summary>
    Share,

    /// <summary>Each process is given rows of its own, and holds them: the data is the first process' rows, then the second's, and so
    /// on. For a forecaster, all rows of a series are in one process.</summary>
    Own,
}
