using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Core.Tests.Threading;

public sealed class WorkerTeamCancellationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_Cancelled_BeginsNoFurtherJob(int size)
    {
        using var source = new CancellationTokenSource();
        using var team = new WorkerTeam(size) { CancellationToken = source.Token };
        int[] parts = [0];

        team.Run(new Cancel(source, parts));
        Assert.Equal(size, parts[0]);

        Assert.Throws<OperationCanceledException>(() => team.Run(new Cancel(source, parts)));
        Assert.Throws<OperationCanceledException>(() => team.Run(new Cancel(source, parts), floats: 1));
        Assert.Throws<OperationCanceledException>(() => team.RunTogether(new Cancel(source, parts)));
        Assert.Equal(size, parts[0]);
        team.CancellationToken = default;
        team.Run(new Cancel(source, parts));
        Assert.Equal(2 * size, parts[0]);
    }

    private readonly struct Cancel(CancellationTokenSource source, int[] parts) : IParallelJob
    {
        public void Run(int part, int count)
        {
            source.Cancel();
            Interlocked.Increment(ref parts[0]);
        }
    }
}
