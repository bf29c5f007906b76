using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

/// <summary>A row with a column of every shape that objects can hold.</summary>
public sealed class Reading
{
    public float Value { get; set; }

    [ColumnName("Name")]
    public string? Title { get; set; }

    [VectorType(2, 3)]
    public float[] Grid { get; set; } = new float[6];

    public double[] Loose { get; set; } = [];

    public VBuffer<int> Sparse { get; set; }

    /// <summary>0 … 3 in the object, 1 … 4 in the column.</summary>
    [KeyType(4)]
    public uint Group { get; set; }

    /// <summary>1 … 5 in the object as in the column: vectors of keys are taken as they are.</summary>
    [KeyType(5)]
    public uint[] Tokens { get; set; } = [];

    public bool Flag;

    public long Count;

    public DateTime At { get; set; }

    public string[] Words { get; set; } = [];

    [NoColumn]
    public object? Ignored { get; set; }

    public static Reading[] Many(int count) =>
    [
        .. Enumerable.Range(0, count).Select(i => new Reading
        {
            Value = i,
            Title = $"row {i}",
            Grid = [i, i + 1, i + 2, i + 3, i + 4, i + 5],
            Loose = [.. Enumerable.Repeat((double)i, i % 3)],
            Sparse = new VBuffer<int>(5, 1, [i], [i % 5]),
            Group = (uint)(i % 4),
            Tokens = [(uint)(i % 5) + 1, 0, 5],
            Flag = i % 2 == 1,
            Count = 10_000_000_000 + i,
            At = new DateTime(2024, 1, 1).AddDays(i),
            Words = ["a", $"b{i}"],
        }),
    ];
}
