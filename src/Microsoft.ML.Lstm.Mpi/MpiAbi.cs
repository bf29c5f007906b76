namespace Microsoft.ML.Lstm.Mpi;

/// <summary>
/// How a library names communicators and types. Of each, the two that are used: all processes, and bytes. A handle is passed in a register as wide as
/// a pointer; where the library takes an int, it reads the lower half.
/// </summary>
/// <param name="Name">Whose it is.</param>
/// <param name="World"><c>MPI_COMM_WORLD</c>.</param>
/// <param name="Byte"><c>MPI_BYTE</c>.</param>
internal readonly record struct MpiAbi(string Name, nint World, nint Byte)
{
    /// <summary>MPICH's since 2014, which Intel MPI, MVAPICH, Cray MPI and MS-MPI share: integers.</summary>
    public static MpiAbi Mpich { get; } = new("MPICH", 0x44000000, 0x4c00010d);

    /// <summary>That of the MPI 5.0 standard: small integers in pointers.</summary>
    public static MpiAbi Standard { get; } = new("MPI 5.0", 0x101, 0x247);

    /// <summary>Open MPI's: addresses of objects that it exports.</summary>
    public static MpiAbi OpenMpi(nint world, nint @byte) => new("Open MPI", world, @byte);
}
