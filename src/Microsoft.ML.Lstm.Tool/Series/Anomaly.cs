using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Tool.Tables;

namespace Microsoft.ML.Lstm.Tool.Series;

/// <summary>A row that is unlikely after the rows before it.</summary>
/// <param name="Row">The row, from 0.</param>
/// <param name="Series">Its series; empty where there is no group.</param>
/// <param name="Time">When it is from; null without times.</param>
/// <param name="Value">What it has.</param>
/// <param name="Expected">What the rows before it forecast.</param>
/// <param name="Lower">Lower bound of what is ordinary.</param>
/// <param name="Upper">Upper bound.</param>
/// <param name="Score">Standard deviations from what was expected.</param>
/// <param name="PValue">How likely so large a distance is.</param>
internal sealed record Anomaly(int Row, string Series, DateTime? Time, double Value, double Expected, double Lower, double Upper, double Score, double PValue)
{
    /// <summary>Column of scores.</summary>
    public const string Column = "Anomaly";

    /// <summary>The alerts of a table that was scored.</summary>
    public static IEnumerable<Anomaly> Read(SeriesTable table, IDataView scored)
    {
        string[] names = new string[table.View.GetRowCount()!.Value];
        foreach ((string name, int[] rows) in table.Series)
            foreach (int row in rows)
                names[row] = name;
        DateTime[]? times = table.Roles.Time is null ? null : table.Times([.. Enumerable.Range(0, names.Length)]);
        IReadOnlyList<float> values = ((ColumnData<float>)table.View[table.Roles.Targets[0].Name]).Values;
        int at = 0;
        foreach (double[] score in scored.GetColumn<double[]>(Column))
        {
            int row = at++;
            if (score[0] != 0)
                yield return new Anomaly(row, names[row], times?[row], values[row], score[3], score[4], score[5], score[1], score[2]);
        }
    }
}
