namespace Microsoft.ML.Lstm;

/// <summary>A training engine cannot be used on this machine: says what is missing, a package, a native library or a device, and how to get it.</summary>
public sealed class TrainingEngineUnavailableException : InvalidOperationException
{
    /// <summary>Creates the exception.</summary>
    public TrainingEngineUnavailableException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
