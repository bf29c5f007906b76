namespace Microsoft.ML.Lstm.Threading;

/// <summary>
/// Work that a <see cref="WorkerTeam"/> shares out. A job is a readonly struct that carries its arguments; all workers run the one copy in the
/// caller's frame, so a fork allocates nothing. Parts must not depend on one another, nor on who computes them.
/// </summary>
internal interface IParallelJob
{
    /// <summary>Does one of <paramref name="parts"/> parts; <see cref="WorkerTeam.Share"/> says which range of the work that is.</summary>
    void Run(int part, int parts);
}
