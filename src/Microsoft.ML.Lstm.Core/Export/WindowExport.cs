using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// The normalisation of each window by itself (<see cref="WindowTransform"/>): last values and scales are measured, windows normalised,
/// outputs brought back. Scales are measured in double, as where a model scores by itself.
/// </summary>
internal sealed class WindowExport
{
    // As WindowLevels has it.
    private const double LeastScale = 1e-4;
    private readonly IOnnxGraph _graph;
    private readonly WindowTransform _transform;
    private readonly string _last, _scale = "";

    /// <summary>Measures windows.</summary>
    /// <param name="graph">Where it is written.</param>
    /// <param name="transform">What is done.</param>
    /// <param name="features">Windows, [B, T, F]; zero after the end of a sequence.</param>
    /// <param name="lengths">The sequences' lengths, [B] of 64 bits; empty where all are as long as the longest.</param>
    public WindowExport(IOnnxGraph graph, WindowTransform transform, string features, string lengths)
    {
        (_graph, _transform) = (graph, transform);
        string lastStep = lengths.Length == 0 ? graph.AtEnd(features, 1)
            : graph.At(graph.Op("ReverseSequence", [features, lengths], ("batch_axis", 0), ("time_axis", 1)), 0, 1);
        _last = graph.AtEnd(graph.Reshape(lastStep, 0, -1, transform.RowSize), 1);
        if (transform.Normalization == WindowNormalization.LastValueAndScale)
            _scale = Scale(features, lengths);
    }

    /// <summary>Normalises windows, [B, T, F].</summary>
    public string Apply(string features)
    {
        string rows = _graph.Reshape(features, 0, -1, _transform.RowSize);
        string values = _graph.Subtract(rows, _graph.Unsqueeze(_last, 1));
        if (_scale.Length > 0)
        {
            // A constant window has scale 0, and nothing but zeros to divide.
            string isConstant = _graph.Cast(_graph.Op("Not", _graph.Op("Greater", _scale, _graph.Number(0.0))), OnnxType.Double);
            values = _graph.Cast(_graph.Divide(_graph.Cast(values, OnnxType.Double), _graph.Unsqueeze(_graph.Add(_scale, isConstant), 1)),
                OnnxType.Float);
        }
        return _graph.Op("Reshape", values, _graph.Op("Shape", features));
    }

    /// <summary>Brings outputs, [B, O], back to their windows' level.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="size">O.</param>
    /// <param name="valuesPerTarget">How many neighbouring outputs belong to each target.</param>
    public string Undo(string outputs, int size, int valuesPerTarget)
    {
        if (!_transform.ChangesTargets)
            return outputs;
        int[] features = [.. Enumerable.Range(0, size).Select(output => _transform.FeatureOf(output / valuesPerTarget))];
        string places = _graph.Integers([.. features.Select(feature => (long)Math.Max(0, feature))]);
        string isChanged = _graph.Tensor("changed", features.Select(feature => feature >= 0 ? 1f : 0f).ToArray(), size);
        if (_scale.Length > 0)
        {
            string isKept = _graph.Tensor("kept", features.Select(feature => feature >= 0 ? 0f : 1f).ToArray(), size);
            string scale = _graph.Cast(_graph.Gather(_scale, places, 1), OnnxType.Float);
            outputs = _graph.Multiply(outputs, _graph.Add(_graph.Multiply(scale, isChanged), isKept));
        }
        return _graph.Add(outputs, _graph.Multiply(_graph.Gather(_last, places, 1), isChanged));
    }

    /// <summary>[B, row size], of double precision; 0 where a feature does not change in its window.</summary>
    private string Scale(string features, string lengths)
    {
        string rows = _graph.Cast(_graph.Reshape(features, 0, -1, _transform.RowSize), OnnxType.Double);
        string differences = _graph.Subtract(rows, _graph.Unsqueeze(_graph.At(rows, 0, 1), 1)), magnitudes = _graph.Op("Abs", rows);
        string count = _graph.Cast(_graph.Size(rows, 1), OnnxType.Double);
        if (lengths.Length > 0)
        {
            string rowsPerStep = _graph.Divide(_graph.Size(rows, 1), _graph.Size(features, 1));
            string rowCounts = _graph.Unsqueeze(_graph.Multiply(lengths, rowsPerStep), 1);
            string isRow = _graph.Op("Less", _graph.Unsqueeze(_graph.Range(_graph.Size(rows, 1)), 0), rowCounts);
            differences = _graph.Multiply(differences, _graph.Unsqueeze(_graph.Cast(isRow, OnnxType.Double), 2));
            count = _graph.Unsqueeze(_graph.Cast(rowCounts, OnnxType.Double), 2);
        }
        string squares = _graph.Reduce("Sum", _graph.Multiply(differences, differences), 1);
        string shift = _graph.Divide(_graph.Reduce("Sum", differences, 1), count);
        string variance = _graph.Op("Max", _graph.Subtract(_graph.Divide(squares, count), _graph.Multiply(shift, shift)),
            _graph.Number(0.0));
        string least = _graph.Multiply(_graph.Divide(_graph.Reduce("Sum", magnitudes, 1), count), _graph.Number(LeastScale));
        string changes = _graph.Cast(_graph.Op("Greater", squares, _graph.Number(0.0)), OnnxType.Double);
        return _graph.Squeeze(_graph.Multiply(_graph.Op("Max", _graph.Op("Sqrt", variance), least), changes), 1);
    }
}
