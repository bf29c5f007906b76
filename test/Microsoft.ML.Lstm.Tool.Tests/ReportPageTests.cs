using System.Diagnostics;

namespace Microsoft.ML.Lstm.Tool.Tests;

/// <summary>Reports as a browser lays them out.</summary>
public sealed class ReportPageTests : IDisposable
{
    // Each page in frames as wide as a phone, a tablet and a desktop; what is wrong with it becomes the title. Pages have no script of their own.
    private const string Frames = """
        <!doctype html><title>waiting</title><body><script>
        const pages = [PAGES], wrong = []; let open = pages.length * 3;
        for (const page of pages) for (const width of [390, 768, 1280]) {
          const frame = document.createElement('iframe');
          frame.style = `width:${width}px;height:900px;border:0`;
          frame.onload = () => {
            const d = frame.contentDocument, root = d.documentElement;
            if (root.scrollWidth > width) wrong.push(`${page} at ${width} is ${root.scrollWidth} wide`);
            for (const link of d.querySelectorAll('a[href^="#"]')) if (!d.getElementById(link.hash.slice(1))) wrong.push(`${page} has no ${link.hash}`);
            for (const wide of d.querySelectorAll('.scroll')) if (wide.scrollWidth > wide.clientWidth && wide.tabIndex !== 0) wrong.push(`${page} hides a table from the keyboard`);
            if (d.querySelectorAll('section').length < 5) wrong.push(`${page} has few sections`);
            const shown = [...d.querySelectorAll('figure')].filter(f => [...f.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width > 0).length !== 1);
            if (shown.length > 0) wrong.push(`${page} at ${width} shows ${shown.length} charts twice or not at all`);
            if (--open === 0) document.title = wrong.length === 0 ? 'all is well' : wrong.join('; ');
          };
          frame.src = page; document.body.append(frame);
        }
        </script></body>
        """;

    private readonly CommandLine _tool = new();

    public void Dispose() => _tool.Dispose();

    [UnixFact("chromium", "--version")]
    public async Task Report_PhoneTabletDesktop_FitsAndIsReachedByKeyboard()
    {
        _tool.Forecast(_tool.Write("data.csv", CommandLine.Days(60))).Succeeds();
        CommandLine.Run("train tag {0} --group sentence --label tag --output {1} --epochs 1 --hidden 4", _tool.Write("steps.csv", TagTests.Steps(30)), _tool["tags"])
            .Succeeds();
        string frames = _tool.Write("frames.html", Frames.Replace("PAGES", "'out/report.html', 'tags/report.html'", StringComparison.Ordinal));
        using Process browser = Process.Start(new ProcessStartInfo("chromium",
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files", $"--user-data-dir={_tool["profile"]}", "--virtual-time-budget=10000", "--dump-dom", $"file://{frames}"])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> noise = browser.StandardError.ReadToEndAsync();
        string page = await browser.StandardOutput.ReadToEndAsync();
        await browser.WaitForExitAsync();
        await noise;
        Assert.Equal("all is well", page.Split("<title>")[1].Split("</title>")[0]);
    }
}
