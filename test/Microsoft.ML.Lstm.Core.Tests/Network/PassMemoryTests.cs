using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Network;

public class PassMemoryTests
{
    private static readonly NetworkSpec s_spec = new() { InputSize = 1, HiddenSizes = [32], OutputSize = 1 };

    [Fact]
    public void Require_MoreStepsThanAnArrayHolds_SaysHowManyFit()
    {
        string error = Assert.Throws<InvalidOperationException>(() => PassMemory.Require(s_spec, 70_000_000, forTraining: false, "The sequence")).Message;

        // On a machine of less memory it is that which is told.
        Assert.Matches(@"^The sequence (has 70000000 steps in all; expected at most \d+ in this network|needs about [\d.]+ GB in this network; expected at most [\d.]+ GB)", error);
    }

    [Fact]
    public void Require_MoreMemoryThanThereIs_SaysHowMuchIsNeeded()
    {
        NetworkSpec wide = s_spec with { HiddenSizes = [100_000] };

        string error = Assert.Throws<InvalidOperationException>(() => PassMemory.Require(wide, 1L << 40, forTraining: true, "A batch")).Message;

        Assert.Matches(@"^A batch needs about \d+(\.\d)? GB in this network; expected at most [\d.]+ GB, what this process may use\.$", error);
    }

    [Fact]
    public void RequireTraining_MoreParametersThanFit_SaysHowMuchIsNeeded()
    {
        var layout = new ParameterLayout(s_spec with { HiddenSizes = [20_000] });

        string error = Assert.Throws<InvalidOperationException>(() => PassMemory.RequireTraining(layout, available: 24_000_000_000)).Message;

        Assert.StartsWith("The network has 1600260001 parameters and needs about 38.4 GB to be trained; expected at most 24 GB, what this process may use.", error, StringComparison.Ordinal);
        PassMemory.RequireTraining(layout, available: 40_000_000_000);
    }

    [Fact]
    public void Require_OrdinaryBatch_Passes() => PassMemory.Require(s_spec, 32 * 1000, forTraining: true, "A batch");

    [Theory]
    [InlineData(int.MaxValue, 1)]
    [InlineData(1, int.MaxValue)]
    public void Bytes_LargestSizes_DoNotOverflow(int units, long rows)
    {
        NetworkSpec spec = s_spec with { HiddenSizes = [Math.Min(units, 1 << 28)], Output = OutputPosition.EveryStep };

        Assert.True(PassMemory.Bytes(spec, rows, forTraining: true) > 1_000_000_000);
    }
}
