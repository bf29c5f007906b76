namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>What one timed call does.</summary>
internal enum WorkloadKind
{
    /// <summary>A whole training step: forward, loss, backward, clip, update.</summary>
    Train,

    /// <summary>Scores a batch on the engine's workers.</summary>
    ScoreBatch,

    /// <summary>Scores one sequence on the calling thread.</summary>
    ScoreOne,

    /// <summary>Takes one more observation into a running state.</summary>
    StepOne,

    /// <summary>Scores one sequence through ML.NET's prediction engine.</summary>
    PipelineScoreOne,

    /// <summary>Scores a table through <c>Transform</c>; its rows are the batch.</summary>
    Table,
}
