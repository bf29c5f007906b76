using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Core.Tests.Threading;

public sealed class ExclusiveUseTests
{
    private int _ends;

    [Fact]
    public void Begin_WhileInUse_IsRefusedAndTheUseGoesOn()
    {
        using var use = new ExclusiveUse("Scratch");
        using (use.Begin())
        {
            string message = Assert.Throws<InvalidOperationException>(() => use.Begin()).Message;
            Assert.Contains("Scratch is in use", message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(() => use.Begin());
        }
        using (use.Begin())
        {
        }
    }

    [Fact]
    public void Dispose_WhileIdle_EndsOnceAndRefusesLaterUse()
    {
        var use = new ExclusiveUse("Scratch", () => _ends++);
        use.Dispose();
        use.Dispose();
        Assert.Equal(1, _ends);
        Assert.Equal("Scratch", Assert.Throws<ObjectDisposedException>(() => use.Begin()).ObjectName);
    }

    [Fact]
    public void Dispose_WhileInUse_EndsWhenTheUseIsOver()
    {
        var use = new ExclusiveUse("Scratch", () => _ends++);
        using (use.Begin())
        {
            use.Dispose();
            Assert.Equal(0, _ends);
            Assert.Throws<ObjectDisposedException>(() => use.Begin());
        }
        Assert.Equal(1, _ends);
        Assert.Throws<ObjectDisposedException>(() => use.Begin());
    }
}
