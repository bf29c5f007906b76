using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Network;

public class WorkerTeamTests
{
    private const int Workers = 3;

    public enum Body
    {
        Shared,
        Together,
        TogetherWithBarrier,
    }

    [Theory]
    [InlineData(Body.Shared)]
    [InlineData(Body.Together)]
    [InlineData(Body.TogetherWithBarrier)]
    public async Task EveryPartRunsOnceHoweverLongTheWorkersSlept(Body body)
    {
        Task forks = Task.Run(() => Fork(body, forks: 500));
        await forks.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void AFailureOfAnyPartIsThrownByTheCallerAndTheTeamGoesOn()
    {
        using var team = new WorkerTeam(Workers);
        for (int failing = 0; failing < Workers; failing++)
        {
            int part = failing;
            var error = Assert.Throws<InvalidOperationException>(() => team.Run((p, _) =>
            {
                if (p == part)
                    throw new ArithmeticException("part " + p);
            }));
            Assert.Contains("part " + part, error.Message);
        }
        int ran = 0;
        team.Run((_, _) => Interlocked.Increment(ref ran));
        Assert.Equal(Workers, ran);
    }

    private static void Fork(Body kind, int forks)
    {
        using var team = new WorkerTeam(Workers);
        var counts = new int[Workers];
        Action<int, int> body = (part, _) =>
        {
            counts[part]++;
            if (kind == Body.TogetherWithBarrier)
                team.Barrier();
        };
        for (int fork = 1; fork <= forks; fork++)
        {
            if (kind == Body.Shared)
                team.Run(body);
            else
                team.RunTogether(body);
            foreach (int count in counts)
                Assert.Equal(fork, count);
            // Pauses around the length after which workers fall asleep.
            Thread.SpinWait(fork * 7919 % 40_000);
        }
    }
}
