using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// The channels' own linear forecasts (<see cref="LocalForecasts"/>): one tensor has the weights of all, channel after channel, and those of a
/// window are gathered from it. N are the channels of a batch.
/// </summary>
internal sealed class LocalForecastsExport(OnnxGraph graph, LocalForecasts locals, ForecastWindowsExport windows)
{
    /// <summary>Outputs, averaged with the forecasts: [N, H, Q].</summary>
    /// <param name="outputs">The network's: [N, H, Q].</param>
    /// <param name="horizon">H.</param>
    /// <param name="quantiles">Q.</param>
    public string Write(string outputs, int horizon, int quantiles)
    {
        // W of a window, [N, H, L] with L the longest of all; before a shorter one's values are zeros.
        int longest = locals.MostLength;
        if (longest == 0)
            return outputs;
        float[] values = [.. locals.Values()];
        string all = graph.Tensor("local_forecasts", values, values.Length);
        string length = OfChannels(locals.Channels.Select(channel => (long)(channel?.Length ?? 0))), first = OfChannels(Firsts(horizon));
        string steps = graph.Reshape(Range(horizon), 1, horizon, 1);
        string place = graph.Add(graph.Reshape(Range(longest), 1, 1, longest), graph.Subtract(length, graph.Number((long)longest)));
        string isRead = graph.Op("GreaterOrEqual", place, graph.Number(0L));
        string index = graph.Add(graph.Add(first, graph.Multiply(steps, length)), graph.Op("Max", place, graph.Number(0L)));
        string weights = graph.Where(isRead, graph.Gather(all, index, 0), graph.Number(0f));
        // The intercepts follow the weights.
        string intercepts = graph.Gather(all, graph.Add(graph.Add(first, graph.Multiply(graph.Number((long)horizon), length)), steps), 0);
        string z = graph.Last(graph.Op("Pad", windows.Values, graph.Integers(0, longest, 0, 0)), 1, longest);
        string forecast = graph.Add(graph.MatMul(weights, graph.Unsqueeze(z, 2)), intercepts);
        string shift = graph.Multiply(graph.Subtract(forecast, Middle(outputs, quantiles)), graph.Number(1 - locals.NetworkShare));
        string isWhole = graph.Op("And", graph.Op("Greater", length, graph.Number(0L)),
            graph.Op("GreaterOrEqual", graph.Size(windows.Values, 1), length));
        return graph.Add(outputs, graph.Where(isWhole, shift, graph.Number(0f)));
    }

    // [N, H, 1].
    private string Middle(string outputs, int quantiles) => graph.Gather(outputs, graph.Integers(quantiles / 2), 2);

    // One value for each channel, looked up, 0 for one not seen: [N, 1, 1].
    private string OfChannels(IEnumerable<long> values) =>
        graph.Reshape(graph.Gather(graph.Integers([0, .. values]), windows.Numbers, 0), -1, 1, 1);

    private string Range(int count) => graph.Integers([.. Enumerable.Range(0, count).Select(i => (long)i)]);

    // Where the weights of each channel begin; 0 for one that has none.
    private IEnumerable<long> Firsts(int horizon)
    {
        long next = 0;
        foreach (int length in locals.Channels.Select(channel => channel?.Length ?? 0))
        {
            yield return length == 0 ? 0 : next;
            next += length == 0 ? 0 : (length + 1L) * horizon;
        }
    }
}
