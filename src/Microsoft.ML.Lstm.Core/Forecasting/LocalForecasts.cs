using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Linear forecasts, each learned from one channel alone, which the forecast of the network, learned from all, is averaged with: local and
/// global methods are wrong in different ways (Montero-Manso and Hyndman 2021; the winner of the M4 competition is such a hybrid, Smyl 2020).
/// With y the network's normalised forecast, z the last L values of the window, normalised, and s the network's share,
/// <code>
///   s·y + (1 − s)·(b + W·z)          W [H, L], b [H] of the window's channel
/// </code>
/// Of quantiles this is the middle one, and the others are moved as far. A channel without one, and a window of fewer than L rows, has the
/// network's forecast. Immutable.
/// </summary>
internal sealed class LocalForecasts
{
    /// <summary>Takes over the forecasts.</summary>
    /// <param name="channels">Of each channel in the order of their numbers, from 1; null: none.</param>
    /// <param name="networkShare">s, 0 to 1.</param>
    public LocalForecasts(IReadOnlyList<LinearForecast?> channels, float networkShare)
    {
        (Channels, NetworkShare) = (channels, networkShare);
        MostLength = channels.Max(channel => channel?.Length ?? 0);
    }

    /// <summary>Of each channel in the order of their numbers, from 1; null: none.</summary>
    public IReadOnlyList<LinearForecast?> Channels { get; }

    /// <summary>s.</summary>
    public float NetworkShare { get; }

    /// <summary>Values that any of them reads at most.</summary>
    public int MostLength { get; }

    /// <summary>The same with another share of the network.</summary>
    public LocalForecasts With(float networkShare) => new(Channels, networkShare);

    /// <summary>All weights, channel after channel: W [H, L], b [H].</summary>
    public IEnumerable<float> Values() =>
        Channels.OfType<LinearForecast>().SelectMany(own => (float[])[.. own.Weights.Span, .. own.Intercepts.Span]);

    /// <summary>The forecast that a sequence of a batch has besides the network's; null: none.</summary>
    /// <param name="batch">What is scored.</param>
    /// <param name="position">The sequence's sorted position.</param>
    /// <param name="settings">The geometry.</param>
    public LinearForecast? Of(SequenceBatch batch, int position, ForecastSettings settings)
    {
        LinearForecast? own = batch.Series[position] is > 0 and var channel ? Channels[channel - 1] : null;
        return own?.Length <= settings.RowsOf(batch, position) ? own : null;
    }

    /// <summary>Averages a network's outputs with the forecasts.</summary>
    /// <param name="outputs">[B, H, Q] at the batch's sorted positions.</param>
    /// <param name="batch">What was scored.</param>
    /// <param name="settings">The geometry.</param>
    /// <param name="buffer">Room for <see cref="MostLength"/> values.</param>
    public void Mix(Span<float> outputs, SequenceBatch batch, ForecastSettings settings, Span<float> buffer)
    {
        int each = outputs.Length / batch.SequenceCount, quantiles = each / settings.Horizon;
        for (int position = 0; position < batch.SequenceCount; position++)
        {
            if (Of(batch, position, settings) is not { } own)
                continue;
            Span<float> last = buffer[..own.Length];
            Read(batch, position, settings, last);
            Span<float> forecast = outputs.Slice(position * each, each);
            for (int h = 0; h < settings.Horizon; h++)
            {
                Span<float> step = forecast.Slice(h * quantiles, quantiles);
                float shift = (float)((1 - (double)NetworkShare) * (own.Of(h, last) - step[quantiles / 2]));
                foreach (ref float output in step)
                    output += shift;
            }
        }
    }

    /// <summary>Reads the last values of a sequence's target, which is the first feature of a row.</summary>
    /// <param name="batch">What is scored.</param>
    /// <param name="position">The sequence's sorted position.</param>
    /// <param name="settings">The geometry.</param>
    /// <param name="last">The values.</param>
    public static void Read(SequenceBatch batch, int position, ForecastSettings settings, Span<float> last)
    {
        int first = (batch.Lengths[position] * settings.SegmentLength) - last.Length, size = settings.FeatureSize;
        for (int i = 0; i < last.Length; i++)
            last[i] = settings.RowOf(batch, position, first + i, size)[0];
    }
}
