using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Core.Tests.Threading;

public sealed class WorkerTeamTests
{
    // A test that would hang fails instead.
    private static readonly TimeSpan s_forEver = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(24)]
    public void Run_ManyForks_EveryPartRunsOncePerFork(int size)
    {
        using var team = new WorkerTeam(size);
        int[] runs = new int[size];
        for (int fork = 1; fork <= 10_000 / size; fork++)
        {
            team.Run(new CountJob(runs));
            Assert.All(runs, count => Assert.Equal(fork, count));
        }
    }

    [Theory]
    [InlineData(1UL << 31)]
    [InlineData(1UL << 32)]
    [InlineData(1UL << 47)]
    [InlineData(1UL << 48)]
    public async Task Run_ForkNumberPassesALimit_EveryPartStillRuns(ulong limit)
    {
        await Task.Run(Forks).WaitAsync(s_forEver);

        void Forks()
        {
            using var team = new WorkerTeam(3, limit - 20);
            int[] runs = new int[3];
            for (int fork = 1; fork <= 40; fork++)
            {
                if (fork % 2 == 0)
                    team.Run(new CountJob(runs));
                else
                    team.RunTogether(new CountJob(runs));
                Assert.Equal([fork, fork, fork], runs);
            }
        }
    }

    [Fact]
    public async Task RunTogether_AfterAnyPause_EveryWorkerWakesForItsPart()
    {
        await Task.Run(Forks).WaitAsync(s_forEver);

        static void Forks()
        {
            using var team = new WorkerTeam(3);
            int[] runs = new int[3];
            for (int fork = 1; fork <= 500; fork++)
            {
                team.RunTogether(new CountJob(runs));
                Assert.Equal([fork, fork, fork], runs);
                // Pauses around the length after which workers fall asleep.
                Thread.SpinWait(fork * 7919 % 40_000);
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    public void Barrier_MoreWorkersThanCores_KeepsStepsApart(int size)
    {
        using var team = new WorkerTeam(size);
        int[] progress = new int[size];
        bool[] torn = [false];
        team.RunTogether(new BarrierJob(team, progress, torn, Steps: 1500 / size));
        Assert.False(torn[0]);
        Assert.All(progress, steps => Assert.Equal(1500 / size, steps));
    }

    [Fact]
    public void Run_APartFails_TheCallerHearsAndTheTeamLivesOn()
    {
        using var team = new WorkerTeam(2);
        for (int failing = 0; failing < 2; failing++)
        {
            int part = failing;
            var failure = Assert.Throws<InvalidOperationException>(() => team.Run(new FailingJob(part)));
            Assert.Contains("out of range", failure.Message, StringComparison.Ordinal);
        }
        int[] runs = new int[2];
        team.Run(new CountJob(runs));
        Assert.Equal([1, 1], runs);
    }

    [Fact]
    public async Task RunTogether_APartFailsBeforeABarrier_NobodyWaitsForIt()
    {
        await Task.Run(Forks).WaitAsync(s_forEver);

        static void Forks()
        {
            using var team = new WorkerTeam(3);
            for (int failing = 0; failing < 3; failing++)
            {
                int part = failing;
                var failure = Assert.Throws<InvalidOperationException>(() => team.RunTogether(new FailingJob(part, team)));
                Assert.IsType<ArithmeticException>(failure.InnerException);
                int[] progress = new int[3];
                team.RunTogether(new BarrierJob(team, progress, [false], Steps: 10));
                Assert.Equal([10, 10, 10], progress);
            }
        }
    }

    [Fact]
    public void Constructor_NoForkYet_StartsNoThread()
    {
        using var team = new WorkerTeam(4);
        Assert.Equal(0, team.StartedThreads);
        team.Run(new CountJob(new int[4]), floats: 1);
        Assert.Equal(0, team.StartedThreads);
        team.Run(new CountJob(new int[4]));
        Assert.Equal(3, team.StartedThreads);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(WorkerTeam.MaxSize + 1)]
    public void Constructor_SizeOutOfRange_Throws(int size) =>
        Assert.Contains($"size is {size}", Assert.Throws<ArgumentOutOfRangeException>(() => new WorkerTeam(size)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(3)]
    [InlineData(16)]
    public async Task Run_NoMoreWork_WorkersFallAsleep(int size)
    {
        using var team = new WorkerTeam(size);
        team.Run(new CountJob(new int[size]));
        await Task.Run(() => SpinWait.SpinUntil(() => team.SleepingThreads == size - 1)).WaitAsync(s_forEver);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_AfterDispose_ThrowsObjectDisposed(int size)
    {
        var team = new WorkerTeam(size);
        team.Run(new CountJob(new int[size]));
        team.Dispose();
        team.Dispose();
        Assert.Throws<ObjectDisposedException>(() => team.Run(new CountJob(new int[size])));
        Assert.Throws<ObjectDisposedException>(() => team.Run(new CountJob(new int[size]), floats: 1));
        Assert.Throws<ObjectDisposedException>(() => team.RunTogether(new CountJob(new int[size])));
    }

    [Fact]
    public async Task Dispose_WhileAnotherThreadForks_WaitsAndTheOtherIsTold()
    {
        for (int trial = 0; trial < 10; trial++)
        {
            var team = new WorkerTeam(3);
            using var begun = new ManualResetEventSlim();
            int[] runs = new int[3];
            Task<int> forks = Task.Run(() =>
            {
                for (int fork = 0; ; fork++)
                    try
                    {
                        team.RunTogether(new BarrierJob(team, runs, [false], Steps: 3));
                        begun.Set();
                    }
                    catch (ObjectDisposedException)
                    {
                        return fork;
                    }
            });
            begun.Wait();
            await Task.Run(team.Dispose).WaitAsync(s_forEver);
            Assert.True(await forks.WaitAsync(s_forEver) > 0);
            Assert.Equal([3, 3, 3], runs);
        }
    }

    [Fact]
    public async Task RunAndDispose_FromInsideAJob_Throw()
    {
        await Task.Run(Forks).WaitAsync(s_forEver);

        static void Forks()
        {
            using var team = new WorkerTeam(2);
            foreach (Action inside in (Action[])[() => team.Run(new CountJob(new int[2])), team.Dispose])
            {
                var failure = Assert.Throws<InvalidOperationException>(() => team.RunTogether(new NestingJob(inside)));
                Assert.IsType<InvalidOperationException>(failure.InnerException);
            }
            int[] runs = new int[2];
            team.Run(new CountJob(runs));
            Assert.Equal([1, 1], runs);
        }
    }

    [Fact]
    public void Run_OnceWarm_AllocatesNothing()
    {
        using var team = new WorkerTeam(2);
        int[] runs = new int[2];
        Forks();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Forks();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Forks()
        {
            for (int i = 0; i < 100; i++)
            {
                team.Run(new CountJob(runs));
                team.Run(new CountJob(runs), floats: 1);
                team.RunTogether(new CountJob(runs));
            }
        }
    }

    [Fact]
    public void Run_JobInAnObjectThatTheCollectorMoves_PartsSeeItWhole()
    {
        using var team = new WorkerTeam(2);
        for (int i = 0; i < 50; i++)
        {
            var holder = new Holder { Job = new CollectingJob(new int[2]) };
            team.Run(holder.Job);
            Assert.Equal([1, 1], holder.Job.Runs);
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 1)]
    [InlineData(100, 12)]
    [InlineData(5, 32)]
    [InlineData(int.MaxValue, 32)]
    public void Share_AnyCount_CoversEverythingOnce(int count, int unit)
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

    private readonly struct CountJob(int[] runs) : IParallelJob
    {
        public void Run(int part, int parts) => Interlocked.Increment(ref runs[part]);
    }

    private readonly record struct BarrierJob(WorkerTeam Team, int[] Progress, bool[] Torn, int Steps) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            for (int step = 1; step <= Steps; step++)
            {
                Volatile.Write(ref Progress[part], step);
                Team.Barrier();
                for (int other = 0; other < parts; other++)
                    Torn[0] |= Volatile.Read(ref Progress[other]) < step;
                Team.Barrier();
            }
        }
    }

    private readonly struct FailingJob(int failing, WorkerTeam? meeting = null) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            if (part == failing)
                throw new ArithmeticException("out of range");
            meeting?.Barrier();
        }
    }

    private readonly struct NestingJob(Action inside) : IParallelJob
    {
        public void Run(int part, int parts) => inside();
    }

    private readonly record struct CollectingJob(int[] Runs) : IParallelJob
    {
        public void Run(int part, int parts)
        {
            GC.Collect(0, GCCollectionMode.Forced, blocking: true, compacting: true);
            Interlocked.Increment(ref Runs[part]);
        }
    }

    private sealed class Holder
    {
        public CollectingJob Job;
    }
}
