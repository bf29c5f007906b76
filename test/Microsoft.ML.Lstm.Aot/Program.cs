using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Aot;

// Usage: <folder of model.zip beside model.txt>; --time <model.zip> measures. Exit code 1: something was scored to other bits than ML.NET's.
if (args is ["--time", string timed])
{
    Timing.Run(timed);
    return 0;
}
if (args is not [string folder])
{
    Console.Error.WriteLine("Expected a folder of models (.zip) with what ML.NET scored (.txt) beside them, or --time and a model.");
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
