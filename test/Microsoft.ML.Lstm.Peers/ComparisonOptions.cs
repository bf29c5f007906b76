namespace Microsoft.ML.Lstm.Peers;

/// <summary>How long and by which clock sides are compared.</summary>
internal sealed record ComparisonOptions
{
    /// <summary>Rounds, in each of which all sides take their turn.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>Seconds of a turn, at least one call.</summary>
    public double Seconds { get; init; } = 1;

    /// <summary>Threads of every side, and of the measured peak.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Whether the process' processor time is counted, which other processes disturb less, rather than the time that passes.</summary>
    public bool CountsProcessorTime { get; init; }

    /// <summary>Whether a turn's mean is taken rather than its median.</summary>
    public bool CountsMean { get; init; }
}
