using Microsoft.ML.Lstm.Baselines;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// A ridge regression as the linear skip of a forecasting network. With y the network's forecast, skip included, and r the regression's, a share s
/// makes
/// <code>
///   s·y + (1 − s)·r
/// </code>
/// by weights alone: output layer and skip are scaled by s, and the regression's weights, scaled by 1 − s, are added to the skip's. Of quantiles
/// this is the middle one, which the others lie about (<see cref="ForecastSpec.OrderedQuantiles"/>).
/// </summary>
/// <param name="ridge">The regression.</param>
/// <param name="settings">The forecaster's settings.</param>
/// <param name="spec">The network, which has a skip.</param>
internal sealed class RidgeSkip(RidgeForecaster ridge, ForecastSettings settings, NetworkSpec spec)
{
    private readonly ParameterLayout _layout = new(spec);

    private int Quantiles => spec.Forecast!.QuantileCount;

    /// <summary>
    /// Makes the skip the regression, to which the recurrent path adds nothing yet: what is learned from then on is what a line misses.
    /// </summary>
    /// <param name="weights">The network's weights.</param>
    public void Begin(Span<float> weights)
    {
        foreach (string name in (ReadOnlySpan<string>)["output.weight", "output.bias", "skip.weight", "skip.bias"])
            Slice(weights, name).Clear();
        Add(weights, 1);
    }

    /// <summary>The network with a share in the forecast.</summary>
    /// <param name="weights">Its weights; those of the skip, the last of all, may be missing.</param>
    /// <param name="share">The network's share, 0 to 1.</param>
    public float[] Mix(ReadOnlySpan<float> weights, float share)
    {
        float[] mixed = new float[_layout.BlockLength];
        weights.CopyTo(mixed);
        Scale(Slice(mixed, "output.weight"), spec.TopSize, share);
        Scale(Slice(mixed, "output.bias"), 1, share);
        Scale(Slice(mixed, "skip.weight"), settings.WindowLength, share);
        Scale(Slice(mixed, "skip.bias"), 1, share);
        Add(mixed, 1 - share);
        return mixed;
    }

    // Rows of a middle quantile.
    private void Scale(Span<float> matrix, int columns, float factor)
    {
        for (int row = Quantiles / 2; row < matrix.Length / columns; row += Quantiles)
            foreach (ref float value in matrix.Slice(row * columns, columns))
                value *= factor;
    }

    private void Add(Span<float> weights, float factor)
    {
        Span<float> skip = Slice(weights, "skip.weight"), bias = Slice(weights, "skip.bias");
        for (int h = 0; h < settings.Horizon; h++)
        {
            int row = (h * Quantiles) + (Quantiles / 2), last = (row + 1) * settings.WindowLength;
            ReadOnlySpan<float> from = ridge.Weights.Slice(h * ridge.Length, ridge.Length);
            Span<float> to = skip[(last - ridge.Length)..last];
            for (int i = 0; i < to.Length; i++)
                to[i] += factor * from[i];
            // A window's own standard deviation is the regression's unit no longer.
            bias[row] += settings.ScalesByWindow ? 0 : factor * ridge.Intercepts[h];
        }
    }

    private Span<float> Slice(Span<float> weights, string name) => weights.Slice(_layout[name].Offset, _layout[name].Length);
}
