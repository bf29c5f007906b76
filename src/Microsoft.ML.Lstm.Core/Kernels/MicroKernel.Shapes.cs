namespace Microsoft.ML.Lstm.Kernels;

/// <summary>What a tile is compiled for, as types: its number of rows, and how A lies in memory.</summary>
internal static unsafe partial class MicroKernel<L, V>
{
    /// <summary>Number of rows of a tile.</summary>
    private interface IRows
    {
        static abstract int Count { get; }
    }

    /// <summary>How A lies in memory.</summary>
    private interface IOrder
    {
        static abstract bool IsTransposed { get; }
    }

    private readonly struct ByRows : IOrder
    {
        public static bool IsTransposed => false;
    }

    private readonly struct BySteps : IOrder
    {
        public static bool IsTransposed => true;
    }

    private readonly struct Rows1 : IRows
    {
        public static int Count => 1;
    }

    private readonly struct Rows2 : IRows
    {
        public static int Count => 2;
    }

    private readonly struct Rows3 : IRows
    {
        public static int Count => 3;
    }

    private readonly struct Rows4 : IRows
    {
        public static int Count => 4;
    }

    private readonly struct Rows5 : IRows
    {
        public static int Count => 5;
    }

    private readonly struct Rows6 : IRows
    {
        public static int Count => 6;
    }

    private readonly struct Rows7 : IRows
    {
        public static int Count => 7;
    }

    private readonly struct Rows8 : IRows
    {
        public static int Count => 8;
    }

    private readonly struct Rows9 : IRows
    {
        public static int Count => 9;
    }

    private readonly struct Rows10 : IRows
    {
        public static int Count => 10;
    }

    private readonly struct Rows11 : IRows
    {
        public static int Count => 11;
    }

    private readonly struct Rows12 : IRows
    {
        public static int Count => 12;
    }

    private readonly struct Rows13 : IRows
    {
        public static int Count => 13;
    }

    private readonly struct Rows14 : IRows
    {
        public static int Count => 14;
    }
}
