using System.Globalization;
using Microsoft.ML.Lstm.Core.Tests.Persistence;
using Microsoft.ML.Lstm.Fuzz.Targets;

namespace Microsoft.ML.Lstm.Fuzz;

/// <summary>Files built on purpose, one after the other, through Core and through a model .zip.</summary>
internal static class Attacks
{
    /// <summary>Loads each.</summary>
    /// <returns>Whether each was refused as documented.</returns>
    public static bool Run(string output)
    {
        Directory.CreateDirectory(output);
        List<IFuzzTarget> targets = AllTargets.Create(output);
        IFuzzTarget[] readers = [targets.First(t => t is ModelFileTarget), targets.First(t => t is ZipEntryTarget)];
        bool isFine = true;
        foreach (HostileFile attack in HostileFiles.Models())
            foreach (IFuzzTarget reader in readers)
            {
                byte[] bytes = attack.Bytes();
                Verdict verdict = Judge.Try(reader, bytes);
                isFine &= verdict.Kind == "refused";
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verdict.Kind,-12} {bytes.Length,12} bytes  {reader.Name,-32} {attack.Name}: {Reason(verdict.Error)}"));
            }
        return isFine;
    }

    private static string Reason(Exception? error)
    {
        while (error?.InnerException is { } inner)
            error = inner;
        return error?.Message ?? "loaded";
    }
}
