namespace Microsoft.ML.Lstm;

/// <summary>Over which processes a training is spread.</summary>
public enum Distribution
{
    /// <summary>
    /// <see cref="Mpi"/> in a process that an MPI launcher has started, <c>mpirun</c> or <c>srun</c>, where the package Microsoft.ML.Lstm.Mpi is referenced; <see cref="None"/>
    /// otherwise.
    /// </summary>
    Auto,

    /// <summary>This process alone trains, whatever others do.</summary>
    None,

    /// <summary>All processes that the MPI launcher has started, which must do the same; needs the package Microsoft.ML.Lstm.Mpi and an installed MPI.</summary>
    Mpi,
}
