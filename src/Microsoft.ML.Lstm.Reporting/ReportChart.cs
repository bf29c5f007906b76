namespace Microsoft.ML.Lstm.Reporting;

/// <summary>A chart of lines, bands and bars. Its axes are chosen by what it holds; its colours are those of the page, light or dark.</summary>
public sealed record ReportChart
{
    /// <summary>What it shows, in a sentence: the caption, and what a screen reader says.</summary>
    public required string Caption { get; init; }

    /// <summary>What the horizontal axis is of. Default: nothing.</summary>
    public string XTitle { get; init; } = "";

    /// <summary>What the vertical axis is of. Default: nothing.</summary>
    public string YTitle { get; init; } = "";

    /// <summary>Whether horizontal values are times, as <see cref="DateTime.ToOADate"/> gives them. Default: false.</summary>
    public bool XIsTime { get; init; }

    /// <summary>Lines. Default: none.</summary>
    public IReadOnlyList<ReportLine> Lines { get; init; } = [];

    /// <summary>Bands, drawn behind the lines. Default: none.</summary>
    public IReadOnlyList<ReportBand> Bands { get; init; } = [];

    /// <summary>Horizontal bars, one below the other; a chart of bars has no lines. Default: none.</summary>
    public IReadOnlyList<ReportBar> Bars { get; init; } = [];
}
