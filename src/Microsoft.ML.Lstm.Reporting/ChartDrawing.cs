using System.Globalization;
using System.Text.RegularExpressions;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>Draws charts as SVG elements. Colours are drawn as markers, and replaced by the page's variables, so that one drawing serves light and dark.</summary>
internal static partial class ChartDrawing
{
    /// <summary>Colours of lines.</summary>
    public const int ColorCount = 5;

    private const double RightMargin = 26, LabelCharacter = 7.5, MostLabel = 0.5;

    // Any colours that nothing else has.
    private static readonly OxyColor s_text = OxyColor.FromRgb(1, 2, 3), s_grid = OxyColor.FromRgb(1, 2, 4), s_quiet = OxyColor.FromRgb(1, 2, 5);
    private static readonly OxyColor[] s_lines = [.. Enumerable.Range(0, ColorCount).Select(i => OxyColor.FromRgb(1, 3, (byte)i))];

    /// <summary>Draws a chart.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="width">Width in pixels at which its text has its right size.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="id">A name that no other drawing of the page has.</param>
    public static string Draw(ReportChart chart, int width, int height, string id)
    {
        string svg = SvgExporter.ExportToString(Model(chart, width), width, height, isDocument: false);
        svg = svg[svg.IndexOf("<svg", StringComparison.Ordinal)..];
        svg = Size().Replace(svg, Invariant($"viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\" focusable=\"false\""), 1);
        svg = ClipId().Replace(svg, Invariant($"{id}clip$1"));
        svg = Marked(svg, s_text, "--ink").Replace("font-family=\"Segoe UI\"", "", StringComparison.Ordinal);
        svg = Marked(Marked(svg, s_grid, "--grid"), s_quiet, "--quiet");
        for (int i = 0; i < s_lines.Length; i++)
            svg = Marked(svg, s_lines[i], Invariant($"--line{i}"));
        return svg;
    }

    private static PlotModel Model(ReportChart chart, int width)
    {
        var model = new PlotModel { TextColor = s_text, PlotAreaBorderColor = OxyColors.Transparent, Background = OxyColors.Undefined, DefaultFontSize = 12, IsLegendVisible = false };
        if (chart.Bars.Count > 0)
        {
            AddBars(model, chart, width);
            return model;
        }
        // Room for half of the last label, which the library does not leave.
        model.PlotMargins = new OxyThickness(double.NaN, double.NaN, RightMargin, double.NaN);
        model.Axes.Add(Styled(chart.XIsTime ? new DateTimeAxis { StringFormat = TimeFormat(chart), IntervalLength = 90 }
            : new LinearAxis { IntervalLength = 70, MinimumMajorStep = HasWholeSteps(chart) ? 1 : 0 }, AxisPosition.Bottom, chart.XTitle));
        model.Axes.Add(Styled(new LinearAxis(), AxisPosition.Left, chart.YTitle));
        for (int i = 0; i < chart.Bands.Count; i++)
        {
            OxyColor color = s_lines[i % s_lines.Length];
            var area = new AreaSeries { Title = chart.Bands[i].Name, Color = OxyColors.Transparent, Color2 = OxyColors.Transparent, Fill = OxyColor.FromAColor(60, color) };
            foreach ((double x, double lower, double upper) in chart.Bands[i].Points)
            {
                area.Points.Add(new DataPoint(x, lower));
                area.Points2.Add(new DataPoint(x, upper));
            }
            model.Series.Add(area);
        }
        int next = 0;
        foreach (ReportLine line in chart.Lines)
        {
            var series = new LineSeries { Title = line.Name, Color = line.IsQuiet ? s_quiet : s_lines[next++ % s_lines.Length], StrokeThickness = line.IsQuiet ? 1.2 : 1.8 };
            foreach ((double x, double y) in line.Points)
                series.Points.Add(new DataPoint(x, y));
            model.Series.Add(series);
        }
        return model;
    }

    // Of epochs and rows there are no halves.
    private static bool HasWholeSteps(ReportChart chart) =>
        chart.Lines.SelectMany(line => line.Points).All(point => point.X == Math.Floor(point.X));

    // Times as exact as a chart of that span needs them.
    private static string TimeFormat(ReportChart chart)
    {
        double[] times = [.. chart.Lines.SelectMany(line => line.Points).Select(point => point.X)];
        double days = times.Length == 0 ? 0 : times.Max() - times.Min();
        return days > 1500 ? "yyyy" : days > 60 ? "yyyy-MM" : days > 4 ? "MM-dd" : "dd HH:mm";
    }

    private static void AddBars(PlotModel model, ReportChart chart, int width)
    {
        // The library measures text in a font of its own, narrower than most.
        double left = Math.Min(width * MostLabel, 12 + (LabelCharacter * chart.Bars.Max(bar => bar.Label.Length)));
        model.PlotMargins = new OxyThickness(left, double.NaN, RightMargin, double.NaN);
        var labels = (CategoryAxis)Styled(new CategoryAxis { StartPosition = 1, EndPosition = 0, GapWidth = 0.35 }, AxisPosition.Left, "");
        labels.MajorGridlineStyle = LineStyle.None;
        var bars = new BarSeries { FillColor = s_lines[0], StrokeThickness = 0 };
        foreach (ReportBar bar in chart.Bars)
        {
            int most = Math.Max(4, (int)((left - 12) / LabelCharacter));
            labels.Labels.Add(bar.Label.Length <= most ? bar.Label : "…" + bar.Label[^(most - 1)..]);
            bars.Items.Add(new BarItem(bar.Value));
        }
        model.Axes.Add(labels);
        model.Axes.Add(Styled(new LinearAxis { IntervalLength = 80 }, AxisPosition.Bottom, chart.XTitle));
        model.Series.Add(bars);
    }

    private static Axis Styled(Axis axis, AxisPosition position, string title)
    {
        (axis.Position, axis.Title) = (position, title);
        (axis.TextColor, axis.TitleColor, axis.TicklineColor, axis.AxislineColor) = (s_text, s_text, s_grid, s_grid);
        (axis.MajorGridlineStyle, axis.MajorGridlineColor, axis.MajorGridlineThickness) = (LineStyle.Solid, s_grid, 1);
        (axis.TickStyle, axis.AxisTitleDistance) = (TickStyle.None, 8);
        return axis;
    }

    private static string Marked(string svg, OxyColor color, string variable)
    {
        string hex = string.Create(CultureInfo.InvariantCulture, $"#{color.R:x2}{color.G:x2}{color.B:x2}"), rgb = string.Create(CultureInfo.InvariantCulture, $"rgb({color.R},{color.G},{color.B})");
        string value = "var(" + variable + ")";
        return svg.Replace(hex, value, StringComparison.OrdinalIgnoreCase).Replace(rgb, value, StringComparison.Ordinal);
    }

    [GeneratedRegex("width=\"[0-9.]+\" height=\"[0-9.]+\"")]
    private static partial Regex Size();

    [GeneratedRegex("clipPath([0-9]+)")]
    private static partial Regex ClipId();
}
