namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The values of one series as its rows are read, and the forecasts whose horizon is not yet over.</summary>
internal sealed class SeriesHistory(int horizon)
{
    private readonly Queue<Pending> _pending = new();
    private float[] _values = [];

    /// <summary>The values read so far.</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count);

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The scale of the series' errors; NaN until it is measured.</summary>
    public double Scale { get; set; } = double.NaN;

    /// <summary>Of the values trained on, those before the first of the rows that are evaluated, which may begin among them, or go on where they end.</summary>
    /// <param name="trained">The series as it was trained on.</param>
    /// <param name="evaluated">The series as it is evaluated.</param>
    public static ReadOnlySpan<float> Before(ReadOnlySpan<float> trained, ReadOnlySpan<float> evaluated)
    {
        for (int start = 0; start < trained.Length; start++)
        {
            int common = Math.Min(trained.Length - start, evaluated.Length);
            if (Same(trained.Slice(start, common), evaluated[..common]))
                return trained[..start];
        }
        return trained;
    }

    /// <summary>Takes the next values.</summary>
    public void Append(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
            Append(value);
    }

    /// <summary>Takes the next value.</summary>
    public void Append(float value)
    {
        if (Count == _values.Length)
            Array.Resize(ref _values, Math.Max(64, 2 * Count));
        _values[Count++] = value;
    }

    /// <summary>Keeps the forecast that was made at the latest value until its horizon is over.</summary>
    public void Keep(float[] forecast, float[] lower, float[] upper) => _pending.Enqueue(new Pending(Count, forecast, lower, upper));

    /// <summary>The forecast whose last step is the latest value, if there is one.</summary>
    public bool TryComplete(out Pending completed)
    {
        completed = default;
        if (_pending.Count == 0 || _pending.Peek().Origin + horizon > Count)
            return false;
        completed = _pending.Dequeue();
        return true;
    }

    // Missing values are alike.
    private static bool Same(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        for (int i = 0; i < a.Length; i++)
            if (!a[i].Equals(b[i]))
                return false;
        return true;
    }

    /// <summary>A forecast.</summary>
    /// <param name="Origin">Values that were known.</param>
    /// <param name="Forecast">The forecast, [H].</param>
    /// <param name="Lower">Lower bounds, [H]; empty without intervals.</param>
    /// <param name="Upper">Upper bounds, [H]; empty without intervals.</param>
    internal readonly record struct Pending(int Origin, float[] Forecast, float[] Lower, float[] Upper);
}
