using Spectre.Console;

namespace Samples.Shared;

/// <summary>
/// Errors of a model beside those of persistence (what was last will be) and of the seasonal-naive forecast (what was one window before will be).
/// </summary>
internal sealed class ForecastScores
{
    private readonly (int Horizon, ForecastErrors Model, ForecastErrors Persistence, ForecastErrors Seasonal)[] _all;

    /// <summary>Measures rows at some horizons; the window is one season long.</summary>
    public ForecastScores(Sunspots.Forecast[] rows, int[] horizons) => _all = [.. horizons.Select(h => (h,
        ForecastErrors.Of(rows, row => row.Score[h - 1], row => row.Next[h - 1]),
        ForecastErrors.Of(rows, row => row.Window[^1], row => row.Next[h - 1]),
        ForecastErrors.Of(rows, row => row.Window[h - 1], row => row.Next[h - 1])))];

    /// <summary>Names of the columns.</summary>
    public static string[] Header { get; } =
        ["months ahead", "error", "LSTM", "persistence", "seasonal naive", "beats both"];

    /// <summary>Whether the model beats both at every horizon, by both measures.</summary>
    public bool BeatsBoth => _all.All(row => row.Model.Beats(row.Persistence) && row.Model.Beats(row.Seasonal));

    /// <summary>Two rows per horizon.</summary>
    public IEnumerable<string[]> Rows => _all.SelectMany(row => new[]
    {
        Row(row.Horizon, "RMSE", row.Model.Rmse, row.Persistence.Rmse, row.Seasonal.Rmse),
        Row(row.Horizon, "MAE", row.Model.Mae, row.Persistence.Mae, row.Seasonal.Mae),
    });

    /// <summary>Prints the table.</summary>
    public void Print(string title)
    {
        var table = new Table { Title = new TableTitle(title) };
        foreach (string name in Header)
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (string[] row in Rows)
            table.AddRow(row);
        AnsiConsole.Write(table);
    }

    private static string[] Row(int horizon, string error, double model, double persistence, double seasonal) =>
        [$"{horizon}", error, Text(model), Text(persistence), Text(seasonal), model < persistence && model < seasonal ? "yes" : "no"];

    private static string Text(double error) => FormattableString.Invariant($"{error:F2}");
}
