using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Core.Tests.Training.Distributed;

public sealed class WorkShardTests
{
    [Theory]
    [InlineData(10, 3)]
    [InlineData(2, 5)]
    [InlineData(0, 2)]
    [InlineData(int.MaxValue, 7)]
    public void Range_OfAllShards_CoversAllPiecesInOrder(int pieces, int count)
    {
        int end = 0;
        for (int index = 0; index < count; index++)
        {
            (int start, int next) = new WorkShard(index, count).Range(pieces);
            Assert.Equal(end, start);
            Assert.InRange(next - start, pieces / count, (pieces / count) + 1);
            end = next;
        }
        Assert.Equal(pieces, end);
    }

    [Theory]
    [InlineData("0/1", 0, 1)]
    [InlineData("3/4", 3, 4)]
    public void Parse_IndexAndCount_GivesThem(string text, int index, int count)
    {
        var shard = WorkShard.Parse(text);

        Assert.Equal((index, count), (shard.Index, shard.Count));
        Assert.Equal(text, shard.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("4/4")]
    [InlineData("-1/4")]
    [InlineData("1/0")]
    [InlineData("1/2/3")]
    [InlineData("a/b")]
    public void Parse_SomethingElse_SaysWhatWasExpected(string text)
    {
        var error = Assert.Throws<FormatException>(() => WorkShard.Parse(text));

        Assert.Equal($"The shard is '{text}'; expected i/n, i from 0 to n − 1, such as 0/4.", error.Message);
    }

    [Theory]
    [InlineData("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_SIZE=3 SLURM_PROCID=7 SLURM_STEP_NUM_TASKS=9", "2/3")]
    [InlineData("PMI_RANK=1 PMI_SIZE=4", "1/4")]
    [InlineData("PMIX_RANK=1 SLURM_STEP_NUM_TASKS=5", "1/5")]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=4", "0/1")]
    [InlineData("SLURM_PROCID=3 SLURM_STEP_NUM_TASKS=4", "3/4")]
    [InlineData("SLURM_ARRAY_TASK_ID=15 SLURM_ARRAY_TASK_COUNT=16", "15/16")]
    [InlineData("JOB_COMPLETION_INDEX=6 JOB_COMPLETIONS=8", "6/8")]
    [InlineData("JOB_COMPLETION_INDEX=6", "0/1")]
    [InlineData("PMI_RANK=x PMI_SIZE=4", "0/1")]
    [InlineData("", "0/1")]
    public void FromEnvironment_WhatLaunchersSet_IsTheShard(string variables, string expected)
    {
        Dictionary<string, string> environment = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(expected, WorkShard.FromEnvironment(environment.GetValueOrDefault).ToString());
    }

    [Fact]
    public void Find_NoPackage_NamesItWhereItIsAskedFor()
    {
        var error = Assert.Throws<DistributedTrainingException>(() => ProcessGroups.Find(Distribution.Mpi, out _));

        Assert.Equal("Distributed is Mpi, whose package Microsoft.ML.Lstm.Mpi is not in this application; expected a reference to it, or None.", error.Message);
        Assert.Null(ProcessGroups.Find(Distribution.Auto, out bool isMissed));
        Assert.False(isMissed);
    }
}
