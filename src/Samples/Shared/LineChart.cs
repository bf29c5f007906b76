using System.Globalization;
using System.Net;
using System.Numerics;
using System.Text;

namespace Samples.Shared;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Color">A CSS colour.</param>
/// <param name="Points">Its points, x ascending.</param>
internal sealed record ChartLine(string Name, string Color, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>A line through values at even distances.</summary>
    /// <param name="name">What the legend calls it.</param>
    /// <param name="color">A CSS colour.</param>
    /// <param name="values">The values.</param>
    /// <param name="first">Where the first is.</param>
    /// <param name="step">From each to the next.</param>
    public static ChartLine Of<T>(string name, string color, IEnumerable<T> values, double first = 0, double step = 1)
        where T : INumberBase<T> => new(name, color, [.. values.Select((y, i) => (first + i * step, double.CreateChecked(y)))]);
}

/// <summary>Draws lines over one pair of axes as SVG.</summary>
internal static class LineChart
{
    private const int Width = 960, Height = 300, Left = 48, Right = 12, Top = 28, Bottom = 26;

    /// <summary>The chart, ready to stand in an HTML page.</summary>
    public static string Draw(string title, params ChartLine[] lines)
    {
        (double X, double Y)[] all = [.. lines.SelectMany(line => line.Points)];
        double x0 = all.Min(p => p.X), x1 = all.Max(p => p.X), y0 = Math.Min(0, all.Min(p => p.Y)), y1 = all.Max(p => p.Y) * 1.05;
        double X(double x) => Left + (x - x0) / (x1 - x0) * (Width - Left - Right);
        double Y(double y) => Height - Bottom - (y - y0) / (y1 - y0) * (Height - Top - Bottom);
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        foreach (double tick in Ticks(y0, y1, 5))
        {
            svg.AppendLine(Invariant($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/>"));
            svg.AppendLine(Invariant($"<text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick:G6}</text>"));
        }
        foreach (double tick in Ticks(x0, x1, 10))
            svg.AppendLine(Invariant($"<text x=\"{X(tick):F1}\" y=\"{Height - 8}\" text-anchor=\"middle\">{tick:G6}</text>"));
        double legend = Left;
        foreach (ChartLine line in lines)
        {
            string points = string.Join(' ', line.Points.Select(p => Invariant($"{X(p.X):F1},{Y(p.Y):F1}")));
            svg.AppendLine($"<polyline points=\"{points}\" stroke=\"{line.Color}\"/>");
            svg.AppendLine(Invariant($"<rect x=\"{legend:F0}\" y=\"8\" width=\"14\" height=\"4\" fill=\"{line.Color}\"/>"));
            svg.AppendLine(Invariant($"<text x=\"{legend + 20:F0}\" y=\"14\">{WebUtility.HtmlEncode(line.Name)}</text>"));
            legend += 44 + 7 * line.Name.Length;
        }
        return svg.Append("</svg>").ToString();
    }

    // Round numbers: 1, 2 or 5 times a power of ten apart.
    private static IEnumerable<double> Ticks(double from, double to, int about)
    {
        double raw = (to - from) / about, power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = new[] { 1, 2, 5, 10 }.Select(m => m * power).First(s => s >= raw * 0.999);
        for (double tick = Math.Ceiling(from / step) * step; tick <= to; tick += step)
            yield return tick;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
