using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.AotScoring;

// Without arguments: scores with model.zip of the current folder the window on standard input, a value a line, onto one line.
// <folder>: of models (.zip) beside what ML.NET scored (.txt); exit code 1 says that something was scored to other bits. --time <model.zip>: measures.
if (args.Length == 0)
{
    float[] window = [.. Console.In.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => float.Parse(word, CultureInfo.InvariantCulture))];
    Console.WriteLine(string.Join(' ', RecurrentModel.Load("model.zip").Predict(window).Select(value => value.ToString(CultureInfo.InvariantCulture))));
    return 0;
}
if (args is ["--time", string timed])
{
    Timing.Run(timed);
    return 0;
}
if (args is not [string folder])
{
    Console.Error.WriteLine("Expected nothing, a folder of models (.zip) with what ML.NET scored (.txt) beside them, or --time and a model.");
    return 2;
}
double toMain = (DateTime.UtcNow - Process.GetCurrentProcess().StartTime.ToUniversalTime()).TotalMilliseconds;
long start = Stopwatch.GetTimestamp();
int wrong = 0, models = 0;
foreach (string path in Directory.EnumerateFiles(folder, "*.zip").Order(StringComparer.Ordinal))
{
    int differing = SavedModel.CountDifferences(path);
    (wrong, models) = (wrong + differing, models + 1);
    Console.WriteLine($"{Path.GetFileNameWithoutExtension(path)}: {(differing == 0 ? "the same bits" : $"{differing} lines differ")}");
}
string text = string.Create(CultureInfo.InvariantCulture,
    $"{models} models in {Stopwatch.GetElapsedTime(start).TotalMilliseconds:F0} ms, {toMain:F0} ms after the process began; "
    + $"{(RuntimeFeature.IsDynamicCodeCompiled ? "compiled just in time" : "compiled ahead of time")}, vectors of {Widest()} bits.");
Console.WriteLine(text);
return wrong == 0 && models > 0 ? 0 : 1;

static int Widest() => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
