namespace Microsoft.ML.Lstm;

/// <summary>
/// The processes of a distributed training cannot train together: one is set up in another way than the rest, or one has failed. Every process
/// throws it, or the one that failed its own exception.
/// </summary>
public sealed class DistributedTrainingException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public DistributedTrainingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
