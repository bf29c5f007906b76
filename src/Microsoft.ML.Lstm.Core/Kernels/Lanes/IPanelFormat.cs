namespace Microsoft.ML.Lstm.Kernels;

/// <summary>How a step of a packed panel, 32 columns, lies in memory. It is read in pairs of vectors; offsets are in floats of memory.</summary>
internal unsafe interface IPanelFormat<V>
    where V : struct
{
    /// <summary>What a step takes.</summary>
    static abstract int Row { get; }

    /// <summary>From a pair to the next one, in memory and in columns.</summary>
    static abstract int Pair { get; }

    /// <summary>Columns from a pair's first vector to its second.</summary>
    static abstract int Second { get; }

    static abstract V LoadFirst(float* pair);

    static abstract V LoadSecond(float* pair);
}
