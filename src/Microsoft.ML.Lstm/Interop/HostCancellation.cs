using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>
/// A token that is cancelled by the caller's own or by <c>MLContext.CancelExecution</c>, which tells a host by a property alone: whoever works for
/// long looks at it from time to time, and a timer does for whoever cannot.
/// </summary>
internal sealed class HostCancellation : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private readonly IHost _host;
    private readonly CancellationTokenSource _source;
    private readonly Timer _timer;

    public HostCancellation(IHost host, CancellationToken cancellationToken)
    {
        _host = host;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = new Timer(_ => Look(), null, s_interval, s_interval);
        Look();
    }

    /// <summary>What to hand on.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Looks whether the host was cancelled.</summary>
    public void Look()
    {
        if (_host is ICancelable { IsCanceled: true } && !_source.IsCancellationRequested)
            _source.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Waits for a look that is under way: it must not find the source disposed of.
        using var done = new ManualResetEvent(false);
        if (_timer.Dispose(done))
            done.WaitOne();
        _source.Dispose();
    }
}
