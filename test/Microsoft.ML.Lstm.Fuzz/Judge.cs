using System.Diagnostics;

namespace Microsoft.ML.Lstm.Fuzz;

/// <summary>Runs a reader on a file, and says whether it keeps within its documentation, a second of processor time and 64 MB over the file's size.</summary>
internal static class Judge
{
    private const long MostBytes = 64L << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(1);

    /// <summary>Tries a file; one that is found slow or large is tried again, since the first of its kind also pays for compilation.</summary>
    public static Verdict Try(IFuzzTarget target, byte[] file)
    {
        Verdict verdict = TryOnce(target, file);
        return verdict.Kind is "slow" or "large" ? TryOnce(target, file) : verdict;
    }

    private static Verdict TryOnce(IFuzzTarget target, byte[] file)
    {
        byte[] packed = target.Pack(file);
        long bytes = GC.GetTotalAllocatedBytes();
        TimeSpan began = Environment.CpuUsage.TotalTime;
        Exception? error = null;
        try
        {
            target.Run(packed);
        }
        catch (Exception e)
        {
            error = e;
        }
        TimeSpan took = Environment.CpuUsage.TotalTime - began;
        bytes = GC.GetTotalAllocatedBytes() - bytes - file.Length;
        if (error is not null && !target.IsRefusal(error))
            return new Verdict("undocumented", false, error);
        if (took > MostTime)
            return new Verdict("slow", false, error);
        if (bytes > MostBytes)
            return new Verdict("large", false, error);
        if (error is { Message.Length: > 4000 })
            return new Verdict("long message", false, error);
        return new Verdict(error is null ? "loaded" : "refused", true, error);
    }

    /// <summary>Where an error comes from, to count alike ones together.</summary>
    public static string Place(Exception? error)
    {
        while (error?.InnerException is { } inner)
            error = inner;
        StackFrame? ours = error is null ? null : new StackTrace(error).GetFrames()
            .FirstOrDefault(frame => frame.GetMethod()?.DeclaringType?.FullName?.StartsWith("Microsoft.ML.Lstm", StringComparison.Ordinal) == true);
        return $"{error?.GetType().Name} in {ours?.GetMethod()?.DeclaringType?.Name}.{ours?.GetMethod()?.Name}";
    }
}
