namespace Microsoft.ML.Lstm.Tests.Search;

/// <summary>Time that passes when it is told to.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly List<HandTimer> _timers = [];
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public void Advance(TimeSpan time)
    {
        _now += time;
        foreach (HandTimer timer in _timers)
            timer.Look(_now);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(() => callback(state), _now + dueTime);
        _timers.Add(timer);
        return timer;
    }

    private sealed class HandTimer(Action callback, TimeSpan due) : ITimer
    {
        private bool _isDone;

        public void Look(TimeSpan now)
        {
            if (_isDone || now < due)
                return;
            _isDone = true;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose() => _isDone = true;

        public ValueTask DisposeAsync()
        {
            _isDone = true;
            return ValueTask.CompletedTask;
        }
    }
}
