using System.Globalization;
using System.Net;
using System.Text;

namespace Samples.Shared;

/// <summary>Draws small grey images side by side, each with a line below it, as SVG.</summary>
internal static class DigitGallery
{
    private const int Columns = 12, Side = 28, Cell = 80, Line = 18, Greys = 8;

    /// <summary>The drawing, ready to stand in an HTML page.</summary>
    /// <param name="images">For each its pixels from 0 to 1, row by row, and what to say of it.</param>
    public static string Draw(IReadOnlyCollection<(float[] Pixels, string Caption)> images)
    {
        int rows = (images.Count + Columns - 1) / Columns;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Columns * Cell} {rows * (Cell + Line)}\" role=\"img\">");
        foreach ((int i, (float[] pixels, string caption)) in images.Index())
        {
            int x = i % Columns * Cell, y = i / Columns * (Cell + Line);
            svg.AppendLine(CultureInfo.InvariantCulture, $"<g transform=\"translate({x} {y}) scale({(Cell - 6.0) / Side:F3})\"><rect width=\"{Side}\" height=\"{Side}\"/>");
            // One path for each grey keeps the page small.
            for (int grey = 1; grey <= Greys; grey++)
            {
                IEnumerable<string> squares = Enumerable.Range(0, pixels.Length)
                    .Where(p => (int)MathF.Ceiling(pixels[p] * Greys) == grey).Select(p => $"M{p % Side} {p / Side}h1v1h-1z");
                svg.AppendLine($"<path fill=\"#fff\" fill-opacity=\"{grey * 100 / Greys}%\" d=\"{string.Concat(squares)}\"/>");
            }
            svg.AppendLine($"</g><text x=\"{x + 4}\" y=\"{y + Cell + Line / 2}\">{WebUtility.HtmlEncode(caption)}</text>");
        }
        return svg.Append("</svg>").ToString();
    }
}
