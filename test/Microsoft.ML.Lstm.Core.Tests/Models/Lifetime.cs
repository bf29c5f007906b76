using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

/// <summary>Tells whether something is let go although the threads that used it live on.</summary>
internal static class Lifetime
{
    // A worker of the pool that began late holds what it works on a little longer.
    private const int Collections = 200;
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Uses something on a thread that lives on, and collects until it is gone.</summary>
    /// <param name="use">Makes and uses it, in a method that is not inlined, so that no local of a caller keeps it.</param>
    /// <returns>Whether it was collected while the thread lived.</returns>
    public static bool IsCollected(Func<WeakReference> use)
    {
        WeakReference? used = null;
        ExceptionDispatchInfo? fault = null;
        using var isUsed = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            try
            {
                used = use();
            }
            catch (Exception e)
            {
                fault = ExceptionDispatchInfo.Capture(e);
            }
            isUsed.Set();
            mayEnd.Wait();
        });
        thread.Start();
        isUsed.Wait();
        for (int i = 0; i < Collections && used?.IsAlive == true; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            if (used.IsAlive)
                Thread.Sleep(s_pause);
        }
        bool isCollected = used?.IsAlive == false;
        mayEnd.Set();
        thread.Join();
        fault?.Throw();
        return isCollected;
    }
}
