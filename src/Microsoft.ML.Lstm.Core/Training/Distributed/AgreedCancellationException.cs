namespace Microsoft.ML.Lstm.Training.Distributed;

/// <summary>The training was cancelled in one process, and so in all, before the same update.</summary>
internal sealed class AgreedCancellationException(CancellationToken cancellationToken)
    : OperationCanceledException("The training was cancelled in one of its processes.", cancellationToken);
