using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public sealed class ExclusiveUseTests
{
    [Fact]
    public void Begin_InUse_ThrowsInvalidOperation()
    {
        using var use = new ExclusiveUse("Thing", () => { });
        using (use.Begin())
            Assert.Contains("Thing is in use", Assert.Throws<InvalidOperationException>(() => use.Begin().Dispose()).Message);
        use.Begin().Dispose();
    }

    [Fact]
    public void Dispose_InUse_EndsWhenTheUseIsOver()
    {
        int ended = 0;
        var use = new ExclusiveUse("Thing", () => ended++);
        ExclusiveUse.Lease lease = use.Begin();

        use.Dispose();
        Assert.Equal(0, ended);
        Assert.Throws<ObjectDisposedException>(() => use.Begin().Dispose());
        lease.Dispose();

        use.Dispose();
        Assert.Equal(1, ended);
        Assert.Throws<ObjectDisposedException>(() => use.Begin().Dispose());
    }
}
