using System.Diagnostics;

namespace Microsoft.ML.Lstm.Benchmarks.Soak;

/// <summary>What a process holds.</summary>
/// <param name="ManagedMegabytes">Live objects, after a collection.</param>
/// <param name="CommittedMegabytes">Memory that the collector has taken from the system, for objects live, dead and to come.</param>
/// <param name="ResidentMegabytes">Memory in use.</param>
/// <param name="Threads">Threads.</param>
/// <param name="Handles">Open files and the like.</param>
internal sealed record ProcessReading(double ManagedMegabytes, double CommittedMegabytes, double ResidentMegabytes, int Threads,
    int Handles)
{
    /// <summary>Each quantity, and by how much its second half may lie above its first: what a collector and a thread pool come and go by.</summary>
    public static IReadOnlyList<(string Name, Func<ProcessReading, double> Of, double Slack)> Quantities { get; } =
    [
        ("managed memory, MB", reading => reading.ManagedMegabytes, 8),
        ("taken by the collector, MB", reading => reading.CommittedMegabytes, 48),
        ("resident memory, MB", reading => reading.ResidentMegabytes, 48),
        ("of it not the collector's, MB", reading => reading.ResidentMegabytes - reading.CommittedMegabytes, 24),
        ("threads", reading => reading.Threads, 4),
        ("handles", reading => reading.Handles, 8),
    ];

    /// <summary>Reads this process.</summary>
    public static ProcessReading Take()
    {
        double managed = GC.GetTotalMemory(forceFullCollection: true) / 1e6;
        using var process = Process.GetCurrentProcess();
        return new ProcessReading(managed, GC.GetGCMemoryInfo().TotalCommittedBytes / 1e6, process.WorkingSet64 / 1e6,
            process.Threads.Count, process.HandleCount);
    }
}
