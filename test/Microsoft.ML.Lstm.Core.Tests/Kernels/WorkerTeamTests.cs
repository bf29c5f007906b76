using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Kernels;

public sealed class WorkerTeamTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_part_runs_once_per_fork(int size)
    {
        using var team = new WorkerTeam(size);
        int[] runs = new int[size];
        Action<int, int> body = (part, parts) =>
        {
            Assert.Equal(size, parts);
            Interlocked.Increment(ref runs[part]);
        };
        for (int fork = 1; fork <= 2000; fork++)
        {
            team.Run(body);
            Assert.All(runs, count => Assert.Equal(fork, count));
        }
    }

    [Fact]
    public async Task Every_worker_wakes_for_its_part_however_long_it_slept()
    {
        await Task.Run(Forks).WaitAsync(TimeSpan.FromSeconds(60));

        static void Forks()
        {
            using var team = new WorkerTeam(3);
            int[] runs = new int[3];
            Action<int, int> body = (part, _) => runs[part]++;
            for (int fork = 1; fork <= 500; fork++)
            {
                team.RunTogether(body);
                Assert.Equal([fork, fork, fork], runs);
                // Pauses around the length after which workers fall asleep.
                Thread.SpinWait(fork * 7919 % 40_000);
            }
        }
    }

    [Fact]
    public void Barriers_keep_steps_apart()
    {
        using var team = new WorkerTeam(3);
        int[] progress = new int[3];
        bool torn = false;
        team.RunTogether((part, parts) =>
        {
            for (int step = 1; step <= 500; step++)
            {
                Volatile.Write(ref progress[part], step);
                team.Barrier();
                for (int other = 0; other < parts; other++)
                    torn |= Volatile.Read(ref progress[other]) < step;
                team.Barrier();
            }
        });
        Assert.False(torn);
        Assert.Equal([500, 500, 500], progress);
    }

    [Fact]
    public void A_failure_on_any_worker_reaches_the_caller_and_the_team_lives_on()
    {
        using var team = new WorkerTeam(2);
        for (int failing = 0; failing < 2; failing++)
        {
            int part = failing;
            var failure = Assert.Throws<InvalidOperationException>(() => team.Run((p, _) =>
            {
                if (p == part)
                    throw new ArithmeticException("out of range");
            }));
            Assert.Contains("out of range", failure.Message);
        }
        int runs = 0;
        team.Run((_, _) => Interlocked.Increment(ref runs));
        Assert.Equal(2, runs);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 1)]
    [InlineData(100, 12)]
    [InlineData(5, 32)]
    public void Shares_cover_everything_once(int count, int unit)
    {
        for (int parts = 1; parts <= 7; parts++)
        {
            int covered = 0;
            for (int part = 0; part < parts; part++)
            {
                (int start, int end) = WorkerTeam.Share(count, part, parts, unit);
                Assert.Equal(covered, start);
                Assert.True(start == count || start % unit == 0);
                covered = end;
            }
            Assert.Equal(count, covered);
        }
    }
}
