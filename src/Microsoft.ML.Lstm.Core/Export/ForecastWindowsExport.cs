using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Export;

/// <summary>
/// What a forecaster's network reads, made of a batch of windows (<see cref="SeriesEncoder"/>, <see cref="NormalizedWindows"/>). A channel
/// is one target of one series: there are B·C, series by series.
/// </summary>
internal sealed class ForecastWindowsExport
{
    // As NormalizedWindows has it.
    private const float LeastScale = 0.1f;
    private readonly OnnxGraph _graph;
    private readonly ForecastSettings _settings;
    private readonly ForecastInputs _inputs;
    private readonly string _history, _rows, _floors;

    public ForecastWindowsExport(OnnxGraph graph, ForecastSettings settings, ForecastInputs inputs)
    {
        (_graph, _settings, _inputs) = (graph, settings, inputs);
        string history = graph.Last(inputs.History, 1, settings.WindowLength);
        _rows = graph.Size(history, 1);
        _history = graph.Op("Reshape", graph.Transpose(history, 0, 2, 1), graph.Concat(0, graph.Integers(-1), _rows));
        Numbers = inputs.Series.Length == 0 ? "" : PerChannelNumbers(inputs.Series);
        _floors = settings.LogarithmFloors.Count == 0 ? "" : Floors();
        _history = Measured(_history);
        var gaps = new GapFillingExport(graph, _history);
        Level = gaps.LastKnown();
        Scale = ScaleOf(gaps.IsKnown);
        string isNone = graph.Op("IsNaN", Level);
        string filled = settings.MissingValues switch
        {
            MissingValues.FillLast => gaps.FillLast(),
            MissingValues.FillLinear => gaps.FillLinear(),
            _ => graph.Where(gaps.IsKnown, _history, Level),
        };
        Values = graph.Where(isNone, graph.Number(0f), graph.Divide(graph.Subtract(filled, Level), Scale));
        Statics = PerChannel(ScaledStatics());
        string known = Known();
        Futures = known.Length == 0 ? "" : PerChannel(graph.Last(known, 1, settings.Horizon));
        Features = Rows(gaps.IsKnown, known);
    }

    /// <summary>The last known value of each window, as its channel's unit measures it: [B·C, 1].</summary>
    public string Level { get; }

    /// <summary>What values are divided by: [B·C, 1].</summary>
    public string Scale { get; }

    /// <summary>The number of each channel, 0 for one not seen in training: [B·C]; empty where the network tells none apart.</summary>
    public string Numbers { get; }

    /// <summary>The normalised values: [B·C, n].</summary>
    public string Values { get; }

    /// <summary>Rows of features: [B·C, n, F].</summary>
    public string Features { get; }

    /// <summary>Static covariates: [B·C, S]; empty where there are none.</summary>
    public string Statics { get; }

    /// <summary>What is known of each step of the horizon: [B·C, H, K]; empty where nothing is.</summary>
    public string Futures { get; }

    /// <summary>Brings normalised values, [B·C, …] of two dimensions, back.</summary>
    public string Undo(string values) => Restored(_graph.Add(Level, _graph.Multiply(Scale, values)));

    // ln max(y, floor) where a channel is learned as logarithms (ChannelUnit), in the double precision that it is computed in there.
    private string Measured(string values)
    {
        if (_floors.Length == 0)
            return values;
        string isKnown = _graph.IsFinite(values), least = _graph.Op("Max", _floors, _graph.Number(ChannelUnit.LeastFloor));
        string known = _graph.Op("Max", _graph.Where(isKnown, values, _graph.Number(1f)), least);
        string logarithms = _graph.Cast(_graph.Op("Log", _graph.Cast(known, OnnxType.Double)), OnnxType.Float);
        return _graph.Where(_graph.Op("And", isKnown, IsLogarithmic()), logarithms, values);
    }

    private string Restored(string values)
    {
        if (_floors.Length == 0)
            return values;
        string exponential = _graph.Op("Min", _graph.Op("Exp", _graph.Cast(values, OnnxType.Double)), _graph.Number((double)float.MaxValue));
        return _graph.Where(IsLogarithmic(), _graph.Cast(exponential, OnnxType.Float), values);
    }

    private string IsLogarithmic() => _graph.Op("Greater", _floors, _graph.Number(0f));

    /// <summary>The floor of each channel's logarithms; of one not seen in training, next to nothing or 0, as all of its values are positive or not: [B·C, 1].</summary>
    private string Floors()
    {
        string seen = OfChannels("floors", _settings.LogarithmFloors);
        if (!HasUnseen)
            return seen;
        string smallest = _graph.Reduce("Min", _graph.Where(_graph.IsFinite(_history), _history, _graph.Number(float.MaxValue)), 1);
        string unseen = _graph.Where(_graph.Op("Greater", smallest, _graph.Number(0f)), _graph.Number(_settings.PrefersLogarithms ? ChannelUnit.LeastFloor : 0f), _graph.Number(0f));
        return _graph.Where(IsUnseen(), unseen, seen);
    }

    private bool HasUnseen => Numbers.Length > 0 && _settings.SeriesNames.Count > 1;

    private string IsUnseen() => _graph.Op("Equal", _graph.Unsqueeze(Numbers, 1), _graph.Number(0L));

    // One value for each channel of the training, looked up: [B·C, 1].
    private string OfChannels(string name, IReadOnlyList<float> values)
    {
        int targets = _settings.TargetCount;
        return HasUnseen
            ? _graph.Gather(_graph.Tensor(name, [1, .. values], values.Count + 1), _graph.Unsqueeze(Numbers, 1), 0)
            : _graph.Reshape(_graph.Expand(_graph.Tensor(name, values.ToArray(), 1, targets), _graph.Size(_inputs.History, 0), _graph.Integers(targets)), -1, 1);
    }

    private string PerChannelNumbers(string series)
    {
        string first = _graph.Multiply(_graph.Subtract(series, _graph.Number(1L)), _graph.Number((long)_settings.TargetCount));
        string targets = _graph.Integers([.. Enumerable.Range(1, _settings.TargetCount).Select(target => (long)target)]);
        string numbers = _graph.Add(_graph.Unsqueeze(first, 1), targets);
        string isUnseen = _graph.Op("Equal", _graph.Unsqueeze(series, 1), _graph.Number(0L));
        return _graph.Reshape(_graph.Where(isUnseen, _graph.Number(0L), numbers), -1);
    }

    private string ScaleOf(string isKnown)
    {
        string unit = Units();
        if (!_settings.ScalesByWindow)
            return unit;
        string known = _graph.Cast(isKnown, OnnxType.Double);
        string values = _graph.Cast(_graph.Where(isKnown, _history, _graph.Number(0f)), OnnxType.Double);
        string count = _graph.Op("Max", _graph.Reduce("Sum", known, 1), _graph.Number(1.0));
        string differences = _graph.Multiply(_graph.Subtract(values, _graph.Divide(_graph.Reduce("Sum", values, 1), count)), known);
        string variance = _graph.Divide(_graph.Reduce("Sum", _graph.Multiply(differences, differences), 1), count);
        return _graph.Op("Max", _graph.Cast(_graph.Op("Sqrt", variance), OnnxType.Float), _graph.Multiply(unit, _graph.Number(LeastScale)));
    }

    private string Units()
    {
        string seen = OfChannels("units", _settings.Units);
        return HasUnseen ? _graph.Where(IsUnseen(), ChannelUnitExport.Write(_graph, _history, _settings.SeasonLength, _settings.SpreadShare), seen) : seen;
    }

    /// <summary>Rows of known covariates and the calendar, scaled: [B, n + H, K].</summary>
    private string Known()
    {
        List<string> columns = [];
        long rows = (long)_settings.WindowLength + _settings.Horizon;
        if (_settings.FutureSize > 0)
            columns.Add(Scaled(Filled(_graph.Last(_inputs.Future, 1, rows)), "future", _settings.PastSize, _settings.FutureSize));
        if (_settings.Calendar != CalendarFeatures.None)
            columns.Add(new CalendarExport(_graph, _graph.Last(_inputs.Time, 1, rows)).Write(_settings.Calendar));
        return columns.Count == 0 ? "" : _graph.Concat(2, [.. columns]);
    }

    private string Rows(string isKnown, string known)
    {
        List<string> columns = [_graph.Unsqueeze(Values, 2)];
        if (_settings.MasksMissing)
            columns.Add(_graph.Unsqueeze(_graph.Cast(isKnown, OnnxType.Float), 2));
        if (_settings.PastSize > 0)
            columns.Add(PerChannel(Scaled(Filled(_graph.Last(_inputs.Past, 1, _settings.WindowLength)), "past", 0, _settings.PastSize)));
        if (known.Length > 0)
            columns.Add(PerChannel(_graph.First(known, 1, _rows)));
        return _graph.Concat(2, [.. columns]);
    }

    private string ScaledStatics()
    {
        if (_settings.StaticSize == 0)
            return "";
        string known = _graph.Where(_graph.IsFinite(_inputs.Static), _inputs.Static, _graph.Number(0f));
        return Scaled(known, "static", _settings.StaticMeans, _settings.StaticScales);
    }

    // A covariate without any known value is 0.
    private string Filled(string covariates)
    {
        string filled = new GapFillingExport(_graph, covariates).FillLast(hasColumns: true);
        return _graph.Where(_graph.IsFinite(filled), filled, _graph.Number(0f));
    }

    private string Scaled(string values, string name, int first, int count) =>
        Scaled(values, name, [.. _settings.CovariateMeans.Skip(first).Take(count)], [.. _settings.CovariateScales.Skip(first).Take(count)]);

    private string Scaled(string values, string name, IReadOnlyList<float> means, IReadOnlyList<float> scales) => _graph.Divide(
        _graph.Subtract(values, _graph.Tensor(name + ".mean", [.. means], means.Count)),
            _graph.Tensor(name + ".scale", [.. scales], scales.Count));

    /// <summary>What is of a series, [B, …, K], for each of its channels: [B·C, …, K].</summary>
    private string PerChannel(string value)
    {
        if (value.Length == 0 || _settings.TargetCount == 1)
            return value;
        string shape = _graph.Op("Shape", value), rest = _graph.Slice(shape, 0, _graph.Integers(1), _graph.Integers(long.MaxValue));
        string all = _graph.Expand(_graph.Unsqueeze(value, 1), _graph.Size(value, 0), _graph.Integers(_settings.TargetCount), rest);
        return _graph.Op("Reshape", all, _graph.Concat(0, _graph.Integers(-1), rest));
    }
}
