using System.Text;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>
/// A report: one HTML page with everything in it, no script and nothing from the network. It follows the reader's light or dark setting, is read on a phone, and walked by keyboard; sections can be added
/// to what <see cref="ForecastReport"/> makes.
/// </summary>
/// <example>
/// <code>
/// using Microsoft.ML.Lstm.Reporting;
///
/// var page = new ReportPage("Sales");
/// page.Add(new ReportSection("Notes").Text("Written by hand.").Table("Shops", ["shop", "rows"], [["north", "120"], ["south", "96"]]));
/// page.Save("report.html");
/// </code>
/// </example>
public sealed class ReportPage
{
    private const string Style = """
        :root { color-scheme: light dark; --paper: #fff; --ink: #1c2128; --soft: #57606a; --grid: #d8dee4; --quiet: #8b949e; --accent: #0b62c4; --notice: #fff4d6;
          --line0: #0b62c4; --line1: #c2410c; --line2: #15803d; --line3: #7e22ce; --line4: #a16207; }
        @media (prefers-color-scheme: dark) { :root { --paper: #12161c; --ink: #e6edf3; --soft: #9aa5b1; --grid: #30363d; --quiet: #848d97; --accent: #6cb0ff; --notice: #3a2f10;
          --line0: #6cb0ff; --line1: #ff9d6b; --line2: #6ddb8b; --line3: #c99bff; --line4: #e3c15a; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1rem; max-width: 50rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; border-top: 1px solid var(--grid); padding-top: 1rem; }
        p { margin: .5rem 0; } .lead { color: var(--soft); } .notice { background: var(--notice); border-radius: .4rem; padding: .6rem .8rem; }
        a { color: var(--accent); } :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
        .skip { position: absolute; left: -999rem; } .skip:focus { position: static; }
        nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0; margin: .5rem 0; } nav a { display: inline-block; padding: .3rem 0; }
        .scroll { overflow-x: auto; margin: .8rem 0; } pre { padding: .6rem .8rem; border: 1px solid var(--grid); border-radius: .4rem; font-size: .85rem; } table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
        caption { text-align: left; color: var(--soft); padding: .2rem 0; } caption span { position: sticky; left: 0; display: inline-block; max-width: min(48rem, calc(100vw - 2rem)); } th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid var(--grid); white-space: nowrap; font-weight: normal; }
        thead th { font-weight: 600; } th[scope=row], thead th:first-child, .words { text-align: left; }
        td.words { white-space: normal; min-width: 6.5rem; overflow-wrap: anywhere; }
        th[scope=row] { position: sticky; left: 0; background: var(--paper); }
        .matrix td { background: color-mix(in srgb, var(--line1) calc(var(--share) * .6), transparent); } .matrix td.hit { background: color-mix(in srgb, var(--line0) calc(var(--share) * .6), transparent); outline: 1px solid var(--grid); outline-offset: -1px; }
        figure { margin: 1rem 0; } figcaption { color: var(--soft); font-size: .9rem; } svg { width: 100%; height: auto; display: block; font-family: inherit; } .legend { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: .85rem; } .legend i { display: inline-block; width: 1.1rem; height: .25rem; margin-right: .35rem; vertical-align: middle; } .legend .band { height: .7rem; opacity: .25; }
        .narrow { display: none; }
        @media (max-width: 32rem) { .wide { display: none; } .narrow { display: block; } body { padding: .8rem; } }
        @media print { nav, .skip { display: none; } section { break-inside: avoid; } }
        """;

    private readonly List<ReportSection> _sections = [];

    /// <param name="title">What it is called.</param>
    /// <param name="lead">A sentence below the title. Default: none.</param>
    public ReportPage(string title, string lead = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(title);
        ArgumentNullException.ThrowIfNull(lead);
        (Title, Lead) = (title, lead);
    }

    /// <summary>What it is called.</summary>
    public string Title { get; }

    /// <summary>A sentence below the title.</summary>
    public string Lead { get; }

    /// <summary>Its sections, in order.</summary>
    public IReadOnlyList<ReportSection> Sections => _sections;

    /// <summary>Adds a section at the end.</summary>
    public ReportPage Add(ReportSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        _sections.Add(section);
        return this;
    }

    /// <summary>Writes the page; the file is there whole or not at all.</summary>
    /// <param name="path">Where to; its folder must exist.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] page = Encoding.UTF8.GetBytes(ToHtml());
        Persistence.AtomicFile.Write(path, stream => stream.Write(page));
    }

    /// <summary>The page as HTML.</summary>
    public string ToHtml()
    {
        string title = ReportSection.Encoded(Title);
        var html = new StringBuilder();
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append(Invariant($"<title>{title}</title><style>\n{Style}\n</style></head>\n<body><a class=\"skip\" href=\"#main\">Skip to the report</a><header><h1>{title}</h1>"));
        if (Lead.Length > 0)
            html.Append("<p class=\"lead\">").Append(ReportSection.Encoded(Lead)).Append("</p>");
        html.Append("<nav aria-label=\"Contents\"><ul>");
        for (int i = 0; i < _sections.Count; i++)
            html.Append(Invariant($"<li><a href=\"#s{i + 1}\">")).Append(ReportSection.Encoded(_sections[i].Title)).Append("</a></li>");
        html.Append("</ul></nav></header>\n<main id=\"main\">\n");
        for (int i = 0; i < _sections.Count; i++)
            html.Append(_sections[i].ToHtml(Invariant($"s{i + 1}"))).Append('\n');
        return html.Append("</main></body></html>\n").ToString();
    }
}
