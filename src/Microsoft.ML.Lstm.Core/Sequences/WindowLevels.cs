namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// The level and the scale of one window's features, by which the window and its targets are normalised and outputs brought back. Reused from window
/// to window without allocation; not thread-safe.
/// </summary>
internal sealed class WindowLevels
{
    // Of a feature's mean magnitude in the window: well above what rounding to float leaves of a constant, well below any real movement.
    private const double LeastScale = 1e-4;
    private readonly WindowTransform _transform;
    private readonly float[] _last;
    private readonly double[] _scale;
    private readonly double[] _linear = [];
    private readonly float[] _latest = [];

    public WindowLevels(WindowTransform transform)
    {
        _transform = transform;
        (_last, _scale) = (new float[transform.RowSize], new double[transform.RowSize]);
        if (transform.Linear is { } linear)
            (_linear, _latest) = (new double[linear.TargetCount], new float[linear.Length]);
    }

    /// <summary>What is done to windows and targets.</summary>
    public WindowTransform Transform => _transform;

    /// <summary>Measures a window, [rows, F].</summary>
    public void Measure(ReadOnlySpan<float> window)
    {
        window[^_last.Length..].CopyTo(_last);
        for (int feature = 0; feature < _scale.Length; feature++)
            _scale[feature] = _transform.Normalization == WindowNormalization.LastValueAndScale ? Scale(window, feature) : 1;
        if (_transform.Linear is { } linear)
            Forecast(linear, window);
    }

    /// <summary>Normalises the window that was measured; source and destination may be the same.</summary>
    public void Apply(ReadOnlySpan<float> window, Span<float> destination)
    {
        for (int i = 0, feature = 0; i < window.Length; i++)
        {
            destination[i] = Normalized(window[i], feature);
            if (++feature == _last.Length)
                feature = 0;
        }
    }

    /// <summary>Normalises the last values of one feature of the window that was measured.</summary>
    public void Latest(ReadOnlySpan<float> window, int feature, Span<float> destination)
    {
        ReadOnlySpan<float> rows = window[^(destination.Length * _last.Length)..];
        for (int i = 0; i < destination.Length; i++)
            destination[i] = Normalized(rows[(i * _last.Length) + feature], feature);
    }

    /// <summary>Normalises the targets of the window that was measured.</summary>
    public void ApplyToTargets(ReadOnlySpan<float> targets, Span<float> destination)
    {
        for (int i = 0; i < targets.Length; i++)
            destination[i] = _transform.FeatureOf(i) is >= 0 and var feature ? Normalized(targets[i], feature) : targets[i];
        for (int i = 0; i < _linear.Length; i++)
            destination[i] = (float)(destination[i] - _linear[i]);
    }

    /// <summary>What a target of the window that was measured is divided by; 0 where the window is constant, from which nothing is learned.</summary>
    public double ScaleOf(int target) => _transform.FeatureOf(target) is >= 0 and var feature ? _scale[feature] : 1;

    /// <summary>Brings outputs for the window that was measured back to its level.</summary>
    /// <param name="outputs">Outputs, in place.</param>
    /// <param name="valuesPerTarget">How many neighbouring outputs belong to each target: the number of quantiles, or 1.</param>
    public void Undo(Span<float> outputs, int valuesPerTarget)
    {
        for (int i = 0; i < outputs.Length && _linear.Length > 0; i++)
            outputs[i] = (float)(outputs[i] + _linear[i / valuesPerTarget]);
        for (int i = 0; i < outputs.Length; i++)
            if (_transform.FeatureOf(i / valuesPerTarget) is >= 0 and var feature)
                outputs[i] = _scale[feature] == 1 ? outputs[i] + _last[feature] : (float)((outputs[i] * _scale[feature]) + _last[feature]);
    }

    // Of a constant window nothing is said, as nothing is learned; nor of targets that continue no series of it.
    private void Forecast(LinearForecast linear, ReadOnlySpan<float> window)
    {
        int series = _transform.TargetFeatures.Count;
        for (int s = 0; s < series; s++)
        {
            int feature = _transform.TargetFeatures[s];
            bool isForecast = feature >= 0 && _scale[feature] != 0;
            if (isForecast)
                Latest(window, feature, _latest);
            for (int target = s; target < _linear.Length; target += series)
                _linear[target] = isForecast ? linear.Of(target, _latest) : 0;
        }
    }

    // A constant feature has scale 0, so that whatever the network says of its window is its constant; nothing can be learned from it.
    private float Normalized(float value, int feature) => _scale[feature] switch
    {
        1 => value - _last[feature],
        0 => 0,
        double scale => (float)(((double)value - _last[feature]) / scale),
    };

    private double Scale(ReadOnlySpan<float> window, int feature)
    {
        RunningMoments moments = default;
        double magnitude = 0;
        for (int i = feature; i < window.Length; i += _last.Length)
        {
            moments.Add(window[i]);
            magnitude += Math.Abs((double)window[i]);
        }
        return moments.AreAlike ? 0 : Math.Max(Math.Sqrt(moments.Variance), LeastScale * magnitude / moments.Count);
    }
}
