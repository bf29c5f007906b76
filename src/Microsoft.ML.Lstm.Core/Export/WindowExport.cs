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
    private readonly string _features, _lengths, _last, _scale = "";

    /// <summary>Measures windows.</summary>
    /// <param name="graph">Where it is written.</param>
    /// <param name="transform">What is done.</param>
    /// <param name="features">Windows, [B, T, F]; zero after the end of a sequence.</param>
    /// <param name="lengths">The sequences' lengths, [B] of 64 bits; empty where all are as long as the longest.</param>
    public WindowExport(IOnnxGraph graph, WindowTransform transform, string features, string lengths)
    {
        (_graph, _transform, _features, _lengths) = (graph, transform, features, lengths);
        string lastStep = lengths.Length == 0 ? graph.AtEnd(features, 1)
            : graph.At(graph.Op("ReverseSequence", [features, lengths], ("batch_axis", 0), ("time_axis", 1)), 0, 1);
        _last = graph.AtEnd(graph.Reshape(lastStep, 0, -1, transform.RowSize), 1);
        if (transform.Normalization == WindowNormalization.LastValueAndScale)
            _scale = Scale(features, lengths);
    }

    /// <summary>Normalises windows, [B, T, F].</summary>
    public string Apply(string features) => _graph.Op("Reshape", Normalized(_graph.Reshape(features, 0, -1, _transform.RowSize)), _graph.Op("Shape", features));

    private string Normalized(string rows)
    {
        string values = _graph.Subtract(rows, _graph.Unsqueeze(_last, 1));
        if (_scale.Length > 0)
        {
            // A constant window has scale 0, and nothing but zeros to divide.
            string isConstant = _graph.Cast(_graph.Op("Not", _graph.Op("Greater", _scale, _graph.Number(0.0))), OnnxType.Double);
            values = _graph.Cast(_graph.Divide(_graph.Cast(values, OnnxType.Double), _graph.Unsqueeze(_graph.Add(_scale, isConstant), 1)),
                OnnxType.Float);
        }
        return values;
    }

    /// <summary>Brings outputs, [B, O], back to their windows' level.</summary>
    /// <param name="outputs">The outputs.</param>
    /// <param name="size">O.</param>
    /// <param name="valuesPerTarget">How many neighbouring outputs belong to each target.</param>
    public string Undo(string outputs, int size, int valuesPerTarget)
    {
        if (!_transform.ChangesTargets)
            return outputs;
        if (_transform.Linear is { } linear)
            outputs = _graph.Add(outputs, Forecast(linear, size, valuesPerTarget));
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

    /// <summary>The linear forecast from the last L rows, [B, O]: one product, in which a target's weights stand where its series does in a row.</summary>
    private string Forecast(LinearForecast linear, int size, int valuesPerTarget)
    {
        int length = linear.Length, width = _transform.RowSize;
        bool isReversed = _lengths.Length > 0;
        float[] weights = new float[length * width * size], intercepts = new float[size];
        for (int output = 0; output < size; output++)
        {
            int target = output / valuesPerTarget, feature = _transform.FeatureOf(target);
            if (feature < 0)
                continue;
            intercepts[output] = linear.Intercepts.Span[target];
            for (int i = 0; i < length; i++)
                weights[(((isReversed ? length - 1 - i : i) * width) + feature) * size + output] = linear.Weights.Span[(target * length) + i];
        }
        string rows = _graph.Reshape(_features, 0, -1, width);
        string latest = isReversed
            ? _graph.First(_graph.Op("ReverseSequence", [rows, RowCounts(rows)], ("batch_axis", 0), ("time_axis", 1)), 1, _graph.Integers(length))
            : _graph.AtEnd(rows, 1, length);
        return _graph.Linear(_graph.Reshape(Normalized(latest), 0, length * width), _graph.Tensor("linear.weight", weights, length * width, size),
            _graph.Tensor("linear.bias", intercepts, size));
    }

    private string RowCounts(string rows) => _graph.Multiply(_lengths, _graph.Divide(_graph.Size(rows, 1), _graph.Size(_features, 1)));

    /// <summary>[B, row size], of double precision; 0 where a feature does not change in its window.</summary>
    private string Scale(string features, string lengths)
    {
        string rows = _graph.Cast(_graph.Reshape(features, 0, -1, _transform.RowSize), OnnxType.Double);
        string differences = _graph.Subtract(rows, _graph.Unsqueeze(_graph.At(rows, 0, 1), 1)), magnitudes = _graph.Op("Abs", rows);
        string count = _graph.Cast(_graph.Size(rows, 1), OnnxType.Double);
        if (lengths.Length > 0)
        {
            string rowCounts = _graph.Unsqueeze(RowCounts(rows), 1);
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
