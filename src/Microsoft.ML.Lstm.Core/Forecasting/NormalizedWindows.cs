using System.Buffers;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Windows in units that do not depend on their level: with v the last known value of a window and s the channel's unit, or the window's own standard deviation, an input
/// is (x − v) / s, a target (y − v) / s, and a forecast is undone by v + s·ŷ. A missing input stands at what the settings fill it with, and beside it whether it is known; a missing
/// target stays NaN, which is not learned. A window without any known value weighs nothing.
/// </summary>
/// <param name="windows">The windows in the channels' own units.</param>
/// <param name="settings">The forecaster's settings.</param>
/// <param name="units">The unit of each channel of <paramref name="windows"/>.</param>
internal sealed class NormalizedWindows(ForecastWindows windows, ForecastSettings settings, IReadOnlyList<ChannelUnit> units)
    : IExampleSource, ISharedExamples
{
    // A window that hardly moves must not make its noise look like the rest of the series.
    private const float LeastScale = 0.1f;

    // Rows of a batch below which a second thread costs more than it does.
    private const int LeastParallelRows = 8192;

    /// <inheritdoc/>
    public int Count => windows.Count;

    /// <inheritdoc/>
    public long StepCount => windows.StepCount;

    /// <inheritdoc/>
    public int Length(int example) => windows.Length(example);

    /// <summary>Number of channels.</summary>
    public int ChannelCount => windows.Series.Count;

    /// <summary>The channel and the origin of a window.</summary>
    public (int Channel, int Origin) Window(int example) => windows.Window(example);

    /// <summary>The unit of a channel.</summary>
    public ChannelUnit UnitOf(int channel) => units[channel];

    /// <summary>All targets of a channel as its unit measures them: [rows].</summary>
    public float[] MeasuredTargets(int channel)
    {
        ReadOnlySpan<float> rows = windows.Series[channel].Values.Span;
        float[] targets = new float[rows.Length / settings.FeatureSize];
        for (int row = 0; row < targets.Length; row++)
            targets[row] = rows[row * settings.FeatureSize];
        return targets;
    }

    /// <summary>The first origin of a channel; null if it has no window.</summary>
    public int? FirstOrigin(int channel) => windows.FirstOrigin(channel);

    /// <inheritdoc/>
    public void Fill(SequenceBatch batch, ReadOnlySpan<int> examples)
    {
        int count = examples.Length, threads = Math.Min(Environment.ProcessorCount, (int)((long)count * settings.WindowLength / LeastParallelRows));
        if (threads < 2)
        {
            Fill(batch, examples, []);
            return;
        }
        windows.Begin(batch, examples);
        int[] all = examples.ToArray();
        Parallel.For(0, threads, thread => Place(batch, all, [], (int)((long)thread * count / threads), (int)((thread + 1L) * count / threads)));
    }

    /// <inheritdoc/>
    public void Deal(Func<int, IReadOnlyList<int>> examplesFor) => windows.Share?.Deal(windows, examplesFor);

    /// <summary>Packs examples, and gives the level and scale of each, by which its forecast is undone.</summary>
    /// <param name="batch">The batch to fill.</param>
    /// <param name="examples">Which windows.</param>
    /// <param name="levels">Of each sequence of the batch at its sorted position; empty if they are not wanted. A window without a known value has a level of NaN.</param>
    public void Fill(SequenceBatch batch, ReadOnlySpan<int> examples, Span<WindowLevel> levels)
    {
        windows.Begin(batch, examples);
        Place(batch, examples, levels, 0, examples.Length);
    }

    // Positions from start to end, whatever the others are.
    private void Place(SequenceBatch batch, ReadOnlySpan<int> examples, Span<WindowLevel> levels, int start, int end)
    {
        float[] window = ArrayPool<float>.Shared.Rent(settings.WindowLength);
        for (int position = start; position < end; position++)
        {
            int example = examples[batch.Order[position]];
            windows.Place(batch, position, example);
            WindowLevel level = Normalise(batch, position, window, units[windows.Window(example).Series]);
            if (float.IsNaN(level.Level))
                batch.Weights[position] = 0;
            foreach (ref float target in batch.Targets.Slice(position * batch.TargetSize, batch.TargetSize))
                target = (target - level.Level) / level.Scale;
            if (!levels.IsEmpty)
                levels[position] = level;
        }
        ArrayPool<float>.Shared.Return(window);
    }

    private WindowLevel Normalise(SequenceBatch batch, int position, Span<float> buffer, ChannelUnit unit)
    {
        int size = settings.FeatureSize, rows = settings.RowsOf(batch, position);
        Span<float> window = buffer[..rows];
        for (int row = 0; row < rows; row++)
            window[row] = settings.RowOf(batch, position, row + batch.Padding[position], size)[0];
        WindowLevel level = LevelOf(window, unit);
        if (settings.MasksMissing)
            for (int row = 0; row < rows; row++)
                settings.RowOf(batch, position, row + batch.Padding[position], size)[1] = float.IsFinite(window[row]) ? 1 : 0;
        StandIn(window, level.Level);
        for (int row = 0; row < rows; row++)
            settings.RowOf(batch, position, row + batch.Padding[position], size)[0] = float.IsNaN(level.Level) ? 0 : (window[row] - level.Level) / level.Scale;
        return level;
    }

    private WindowLevel LevelOf(ReadOnlySpan<float> window, ChannelUnit unit)
    {
        float last = float.NaN;
        for (int row = window.Length - 1; row >= 0 && float.IsNaN(last); row--)
            last = float.IsFinite(window[row]) ? window[row] : float.NaN;
        if (!settings.ScalesByWindow)
            return new WindowLevel(last, unit.Size, unit);
        var moments = new RunningMoments();
        foreach (float value in window)
            if (float.IsFinite(value))
                moments.Add(value);
        return new WindowLevel(last, Math.Max((float)Math.Sqrt(moments.Variance), LeastScale * unit.Size), unit);
    }

    private void StandIn(Span<float> window, float level)
    {
        switch (settings.MissingValues)
        {
            case MissingValues.FillLast:
                GapFilling.FillLast(window);
                break;
            case MissingValues.FillLinear:
                GapFilling.FillLinear(window);
                break;
            default:
                foreach (ref float value in window)
                    value = float.IsFinite(value) ? value : level;
                break;
        }
    }
}
