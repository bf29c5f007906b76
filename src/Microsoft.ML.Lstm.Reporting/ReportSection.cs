using System.Net;
using System.Text;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>A section of a report: texts, tables and charts, one below the other. Whatever it is given is shown as text, never read as HTML.</summary>
public sealed class ReportSection
{
    private const int WideWidth = 760, NarrowWidth = 350, LineHeight = 300, BarHeight = 26, BarMargin = 70;
    private readonly List<Func<string, string>> _items = [];
    private int _charts;

    /// <param name="title">Its heading.</param>
    public ReportSection(string title)
    {
        ArgumentException.ThrowIfNullOrEmpty(title);
        Title = title;
    }

    /// <summary>Its heading.</summary>
    public string Title { get; }

    /// <summary>Adds a paragraph.</summary>
    public ReportSection Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Add(_ => "<p>" + Encoded(text) + "</p>");
    }

    /// <summary>Adds a paragraph that calls for attention.</summary>
    public ReportSection Notice(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Add(_ => "<p class=\"notice\">" + Encoded(text) + "</p>");
    }

    /// <summary>Adds lines of code or a command, as they are; long ones scroll.</summary>
    public ReportSection Code(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return Add(_ => "<pre class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Code\"><code>" + Encoded(code)
            + "</code></pre>");
    }

    /// <summary>Adds a table. On a narrow screen it scrolls by itself, by touch or by key.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="header">Names of the columns.</param>
    /// <param name="rows">Rows of as many cells; the first of each names the row.</param>
    public ReportSection Table(string caption, IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(rows);
        IReadOnlyList<string>[] all = [.. rows];
        string[] cells = [.. Enumerable.Range(0, header.Count)
            .Select(column => all.All(row => column >= row.Count || IsValue(row[column])) ? "" : " class=\"words\"")];
        var html = new StringBuilder(Invariant($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{Encoded(caption)}\"><table>{Caption(caption)}<thead><tr>"));
        for (int column = 0; column < header.Count; column++)
            html.Append(Invariant($"<th scope=\"col\"{cells[column]}>{Encoded(header[column])}</th>"));
        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in all)
        {
            html.Append("<tr><th scope=\"row\">").Append(Encoded(row[0])).Append("</th>");
            for (int column = 1; column < row.Count; column++)
                html.Append(Invariant($"<td{(column < cells.Length ? cells[column] : "")}>{Encoded(row[column])}</td>"));
            html.Append("</tr>");
        }
        string table = html.Append("</tbody></table></div>").ToString();
        return Add(_ => table);
    }

    /// <summary>Adds a table of how often each class was taken for each: cells are shaded by their share of the row, and the diagonal is
    /// framed.</summary>
    /// <param name="caption">What it shows.</param>
    /// <param name="classes">Names of the classes, N of them.</param>
    /// <param name="counts">[N, N]: at [a, b] how many examples of class a were predicted as class b.</param>
    /// <exception cref="ArgumentException">There are not as many rows and columns of counts as classes.</exception>
    public ReportSection ConfusionMatrix(string caption, IReadOnlyList<string> classes, long[,] counts)
    {
        ArgumentNullException.ThrowIfNull(caption);
        ArgumentNullException.ThrowIfNull(classes);
        ArgumentNullException.ThrowIfNull(counts);
        int n = classes.Count;
        if (counts.GetLength(0) != n || counts.GetLength(1) != n)
            throw new ArgumentException(Invariant($"The counts are {counts.GetLength(0)} x {counts.GetLength(1)}; expected {n} x {n}, as there are classes."), nameof(counts));
        var html = new StringBuilder(Invariant($"<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{Encoded(caption)}\"><table class=\"matrix\">{Caption(caption)}<thead><tr><th scope=\"col\">labelled \\ predicted</th>"));
        foreach (string name in classes)
            html.Append("<th scope=\"col\">").Append(Encoded(name)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        for (int a = 0; a < n; a++)
        {
            long row = Math.Max(1, Enumerable.Range(0, n).Sum(b => counts[a, b]));
            html.Append("<tr><th scope=\"row\">").Append(Encoded(classes[a])).Append("</th>");
            for (int b = 0; b < n; b++)
                html.Append(Invariant($"<td{(a == b ? " class=\"hit\"" : "")} style=\"--share:{100.0 * counts[a, b] / row:F1}%\">{counts[a, b]}</td>"));
            html.Append("</tr>");
        }
        string table = html.Append("</tbody></table></div>").ToString();
        return Add(_ => table);
    }

    /// <summary>Adds a chart, drawn once for wide and once for narrow screens.</summary>
    public ReportSection Chart(ReportChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        int number = ++_charts, height = chart.Bars.Count > 0 ? (chart.Bars.Count * BarHeight) + BarMargin : LineHeight;
        return Add(id => string.Concat(
            "<figure role=\"img\" aria-label=\"", Encoded(chart.Caption), "\"><div class=\"wide\">", ChartDrawing.Draw(chart, WideWidth, height, Invariant($"{id}w{number}")),
            "</div><div class=\"narrow\">", ChartDrawing.Draw(chart, NarrowWidth, height, Invariant($"{id}n{number}")), "</div>", Legend(chart), "<figcaption>", Encoded(chart.Caption), "</figcaption></figure>"));
    }

    /// <summary>The section as HTML.</summary>
    /// <param name="id">Where the page's contents send the reader.</param>
    internal string ToHtml(string id) =>
        Invariant($"<section id=\"{id}\" aria-labelledby=\"{id}-title\"><h2 id=\"{id}-title\">{Encoded(Title)}</h2>\n{string.Join("\n", _items.Select(item => item(id)))}</section>");

    internal static string Encoded(string text) => WebUtility.HtmlEncode(text);

    // Stays in sight where the table below it is scrolled, and is no wider than the screen.
    private static string Caption(string caption) => Invariant($"<caption><span>{Encoded(caption)}</span></caption>");

    // Values stand one below the other by their last digit, words by their first letter.
    private static bool IsValue(string cell) => cell.Length == 0 || char.IsAsciiDigit(cell[0])
        || (cell.Length > 1 && cell[0] is '-' or '−' or '+' && char.IsAsciiDigit(cell[1]));

    // The drawing's own order of colours: bands, and lines but for quiet ones, each from the first on.
    private static string Legend(ReportChart chart)
    {
        if (chart.Lines.Count + chart.Bands.Count < 2)
            return "";
        int next = 0;
        var html = new StringBuilder("<div class=\"legend\">");
        foreach (ReportLine line in chart.Lines)
            html.Append(Invariant($"<span><i style=\"background:var({(line.IsQuiet ? "--quiet" : Invariant($"--line{next++ % ChartDrawing.ColorCount}"))})\"></i>{Encoded(line.Name)}</span> "));
        for (int i = 0; i < chart.Bands.Count; i++)
            html.Append(Invariant($"<span><i class=\"band\" style=\"background:var(--line{i % ChartDrawing.ColorCount})\"></i>{Encoded(chart.Bands[i].Name)}</span> "));
        return html.Append("</div>").ToString();
    }

    private ReportSection Add(Func<string, string> item)
    {
        _items.Add(item);
        return this;
    }
}
