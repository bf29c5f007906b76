using System.Net;
using System.Text;

namespace Samples.Shared;

/// <summary>A small page of headings, tables and charts that needs nothing beside itself.</summary>
internal sealed class HtmlReport(string title)
{
    private const string Style = """
        :root { color-scheme: light dark; --grid: #8884; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; margin: 1rem 0; } th, td { padding: .25rem .8rem; text-align: right; border-bottom: 1px solid var(--grid); }
        svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: currentColor; } .grid { stroke: var(--grid); }
        polyline { fill: none; stroke-width: 1.5; stroke-linejoin: round; }
        """;

    private readonly StringBuilder _body = new();

    /// <summary>Adds a paragraph.</summary>
    public HtmlReport Text(string text)
    {
        _body.AppendLine($"<p>{WebUtility.HtmlEncode(text)}</p>");
        return this;
    }

    /// <summary>Adds a paragraph and says it on the console.</summary>
    public HtmlReport Print(string text)
    {
        Console.WriteLine(text);
        return Text(text);
    }

    /// <summary>Adds a chart.</summary>
    public HtmlReport Chart(string heading, params ChartLine[] lines) => Picture(heading, LineChart.Draw(heading, lines));

    /// <summary>Adds a picture.</summary>
    /// <param name="heading">What stands above it.</param>
    /// <param name="svg">The picture itself.</param>
    public HtmlReport Picture(string heading, string svg)
    {
        _body.AppendLine($"<h2>{WebUtility.HtmlEncode(heading)}</h2>").AppendLine(svg);
        return this;
    }

    /// <summary>Adds a table.</summary>
    public HtmlReport Table(IEnumerable<string> header, IEnumerable<IEnumerable<string>> rows)
    {
        static string Row(string cell, IEnumerable<string> values) =>
            $"<tr>{string.Concat(values.Select(v => $"<{cell}>{WebUtility.HtmlEncode(v)}</{cell}>"))}</tr>";
        _body.AppendLine($"<table>{Row("th", header)}{string.Concat(rows.Select(r => Row("td", r)))}</table>");
        return this;
    }

    /// <summary>Writes the page.</summary>
    public void Save(string path)
    {
        string name = WebUtility.HtmlEncode(title);
        File.WriteAllText(path, $"<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{name}</title><style>{Style}</style></head>\n<body><h1>{name}</h1>\n{_body}</body></html>\n");
    }
}
