using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Export;

/// <summary>The channels' own linear forecasts (<see cref="LocalForecasts"/>), looked up by their numbers. N are the channels of a batch.</summary>
internal static class LocalForecastsExport
{
    /// <summary>Outputs, averaged with the forecasts: [N, H, Q].</summary>
    /// <param name="graph">Where it is written.</param>
    /// <param name="locals">The forecasts.</param>
    /// <param name="windows">What is read.</param>
    /// <param name="outputs">The network's: [N, H, Q].</param>
    /// <param name="horizon">H.</param>
    /// <param name="quantiles">Q.</param>
    public static string Write(OnnxGraph graph, LocalForecasts locals, ForecastWindowsExport windows, string outputs, int horizon, int quantiles)
    {
        // At least one value is read, even if no channel has a forecast: a slice of none would be all.
        int longest = locals.Channels.Max(channel => channel?.Length ?? 1);
        string weights = OfChannels(Tensor("local.weight", Weights(locals, horizon, longest), horizon, longest));
        string intercepts = OfChannels(Tensor("local.bias", [.. new float[horizon],
            .. locals.Channels.SelectMany(channel => channel?.Intercepts.ToArray() ?? new float[horizon])], horizon));
        string lengths = OfChannels(graph.Integers([long.MaxValue, .. locals.Channels.Select(channel => channel?.Length ?? long.MaxValue)]));
        string z = graph.Last(graph.Op("Pad", windows.Values, graph.Integers(0, longest, 0, 0)), 1, longest);
        string forecast = graph.Add(graph.Squeeze(graph.MatMul(weights, graph.Unsqueeze(z, 2)), 2), intercepts);
        string apart = graph.Subtract(forecast, graph.At(outputs, quantiles / 2, 2));
        string shift = graph.Multiply(apart, graph.Number(1 - locals.NetworkShare));
        string isWhole = graph.Unsqueeze(graph.Op("GreaterOrEqual", graph.Size(windows.Values, 1), lengths), 1);
        return graph.Add(outputs, graph.Unsqueeze(graph.Where(isWhole, shift, graph.Number(0f)), 2));

        string Tensor(string name, float[] values, params int[] shape) => graph.Tensor(name, values, [locals.Channels.Count + 1, .. shape]);

        string OfChannels(string values) => graph.Gather(values, windows.Numbers, 0);
    }

    // Zeros for a channel that has none, the first of all being that of one not seen, and before the values of a shorter one.
    private static float[] Weights(LocalForecasts locals, int horizon, int longest)
    {
        float[] all = new float[(locals.Channels.Count + 1) * horizon * longest];
        for (int channel = 0; channel < locals.Channels.Count; channel++)
            if (locals.Channels[channel] is { } own)
                for (int h = 0; h < horizon; h++)
                {
                    int end = (((channel + 1) * horizon) + h + 1) * longest;
                    own.Weights.Span.Slice(h * own.Length, own.Length).CopyTo(all.AsSpan(end - own.Length));
                }
        return all;
    }
}
