using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Export;

/// <summary>The unit of a series that training had not seen, from its own window (<see cref="ChannelUnit"/>).</summary>
internal static class ChannelUnitExport
{
    /// <summary>Of [B, n]: [B, 1].</summary>
    /// <param name="graph">Where it is written.</param>
    /// <param name="values">Windows; NaN where a value is missing.</param>
    /// <param name="season">The season's length in rows.</param>
    /// <param name="spreadShare">s in change^(1 − s) · spread^s.</param>
    public static string Write(IOnnxGraph graph, string values, int season, double spreadShare)
    {
        string unit = NaiveError(graph, values, season), change = NaiveError(graph, values, 1);
        unit = graph.Where(graph.Op("Greater", unit, graph.Multiply(change, graph.Number(0.01))), unit, change);
        string magnitude = MeanOfKnown(graph, graph.Op("Abs", graph.Cast(values, OnnxType.Double)));
        unit = graph.Where(graph.Op("Greater", unit, graph.Number(0.0)), unit, graph.Multiply(magnitude, graph.Number(1e-6)));
        if (spreadShare > 0)
        {
            string spread = Spread(graph, graph.Cast(values, OnnxType.Double));
            string between = graph.Multiply(graph.Op("Pow", unit, graph.Number(1 - spreadShare)), graph.Op("Pow", spread, graph.Number(spreadShare)));
            unit = graph.Where(graph.Op("Greater", spread, graph.Number(0.0)), between, unit);
        }
        string result = graph.Cast(unit, OnnxType.Float);
        string isUsable = graph.Op("And", graph.Op("Greater", result, graph.Number(0f)), graph.IsFinite(result));
        return graph.Where(isUsable, result, graph.Number(1f));
    }

    // Beside each value the one a season before it, NaN for the first.
    private static string NaiveError(IOnnxGraph graph, string values, int season)
    {
        string longer = graph.Op("Pad", values, graph.Integers(0, season, 0, 0), graph.Number(float.NaN));
        string before = graph.First(longer, 1, graph.Size(values, 1));
        return MeanOfKnown(graph,
            graph.Op("Abs", graph.Subtract(graph.Cast(values, OnnxType.Double), graph.Cast(before, OnnxType.Double))));
    }

    private static string Spread(IOnnxGraph graph, string values)
    {
        string differences = graph.Subtract(values, MeanOfKnown(graph, values));
        return graph.Op("Sqrt", MeanOfKnown(graph, graph.Multiply(differences, differences)));
    }

    private static string MeanOfKnown(IOnnxGraph graph, string values)
    {
        string isKnown = graph.IsFinite(values);
        string sum = graph.Reduce("Sum", graph.Where(isKnown, values, graph.Number(0.0)), 1);
        return graph.Divide(sum, graph.Reduce("Sum", graph.Cast(isKnown, OnnxType.Double), 1));
    }
}
