using System.IO.Hashing;
using System.Text;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>What must be the same of the series where each process is given all rows.</summary>
internal sealed record SeriesHandshake
{
    public int SeriesCount { get; init; }

    public long RowCount { get; init; }

    /// <summary>A hash of their names, and of the rows of each.</summary>
    public string? Series { get; init; }

    /// <summary>Of series.</summary>
    /// <param name="names">What they are called, in their order.</param>
    /// <param name="rows">Rows of each.</param>
    public static SeriesHandshake Of(IReadOnlyList<string> names, IReadOnlyList<int> rows)
    {
        var hash = new XxHash128();
        for (int i = 0; i < names.Count; i++)
            hash.Append(Encoding.UTF8.GetBytes(Invariant($"{rows[i]} {names[i].Length}:{names[i]}")));
        return new SeriesHandshake
        {
            SeriesCount = names.Count,
            RowCount = rows.Sum(count => (long)count),
            Series = Convert.ToHexStringLower(hash.GetCurrentHash()),
        };
    }
}
