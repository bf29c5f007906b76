using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Export;

/// <summary>What stands in for missing values (<see cref="GapFilling"/>), along axis 1: loops that carry the last known value and its
/// place.</summary>
/// <param name="graph">Where it is written.</param>
/// <param name="values">[B, n] or [B, n, K].</param>
internal sealed class GapFillingExport(OnnxGraph graph, string values)
{
    private readonly string _isKnown = graph.IsFinite(values);
    private string? _place;

    /// <summary>Whether each value is known, of the values' shape.</summary>
    public string IsKnown => _isKnown;

    // 0 … n − 1, in the values' shape but for a last axis.
    private string Place => _place ??= graph.Range(graph.Size(values, 1));

    /// <summary>Of [B, n]: the last known value, NaN where there is none: [B, 1].</summary>
    public string LastKnown()
    {
        string last = graph.Reduce("Max", graph.Where(_isKnown, Place, graph.Number(-1L)), 1);
        string isNone = graph.Op("Less", last, graph.Number(0L));
        string found = graph.Op("GatherElements", [values, graph.Where(isNone, graph.Number(0L), last)], ("axis", 1));
        return graph.Where(isNone, graph.Number(float.NaN), found);
    }

    /// <summary>The last known value before; at the beginning the first known one.</summary>
    /// <param name="hasColumns">Whether values are [B, n, K].</param>
    public string FillLast(bool hasColumns = false)
    {
        string place = hasColumns ? graph.Unsqueeze(Place, 1) : Place;
        string first = graph.Reduce("Min", graph.Where(_isKnown, place, graph.Number(long.MaxValue)), 1);
        string isNone = graph.Op("Equal", first, graph.Number(long.MaxValue));
        string begin = graph.Op("GatherElements", [values, graph.Where(isNone, graph.Number(0L), first)], ("axis", 1));
        return Carry(graph.Squeeze(begin, 1), values, direction: 0, hasColumns);
    }

    /// <summary>Of [B, n]: the straight line between neighbours; at the ends the nearest known value.</summary>
    public string FillLinear()
    {
        string before = graph.Cast(FillLast(), OnnxType.Double), placeBefore = KnownPlace(direction: 0);
        string after = graph.Cast(Carry(graph.Squeeze(LastKnown(), 1), values, direction: 1), OnnxType.Double),
            placeAfter = KnownPlace(direction: 1);
        string distance = graph.Subtract(placeAfter, placeBefore);
        string share = graph.Divide(graph.Subtract(graph.Cast(Place, OnnxType.Double), placeBefore),
            graph.Op("Max", distance, graph.Number(1.0)));
        string line = graph.Add(before, graph.Multiply(graph.Subtract(after, before), share));
        return graph.Cast(graph.Where(graph.Op("Greater", distance, graph.Number(0.0)), line, before), OnnxType.Float);
    }

    // The place of the known value at or before each, or at or after.
    private string KnownPlace(int direction)
    {
        string places = graph.Where(_isKnown, graph.Cast(Place, OnnxType.Float), graph.Number(direction == 0 ? float.MaxValue : -1f));
        string end = graph.Squeeze(graph.Reduce(direction == 0 ? "Min" : "Max", places, 1), 1);
        return graph.Cast(Carry(end, places, direction), OnnxType.Double);
    }

    private string Carry(string begin, string scanned, int direction, bool hasColumns = false)
    {
        object[] shape = hasColumns ? ["batch", "columns"] : ["batch"];
        OnnxGraph body = graph.CreateBody();
        string before = body.Input("before", OnnxType.Float, shape), value = body.Input("value", OnnxType.Float, shape);
        string isKnown = body.Input("is_known", OnnxType.Bool, shape);
        string next = body.Where(isKnown, value, before);
        body.Output("after", next, OnnxType.Float, shape);
        body.Output("filled", next, OnnxType.Float, shape);
        return graph.Node("Scan", [begin, scanned, _isKnown], 2, ("body", body), ("num_scan_inputs", 2), ("scan_input_axes", [1, 1]),
            ("scan_input_directions", [direction, direction]), ("scan_output_axes", [1]), ("scan_output_directions", [direction]))[1];
    }
}
