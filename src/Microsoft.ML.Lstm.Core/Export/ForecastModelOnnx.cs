using Microsoft.ML.Lstm.Forecasting;

namespace Microsoft.ML.Lstm.Export;

/// <summary>A forecaster as a file of ONNX: the names and shapes of its inputs and outputs, which <see cref="OnnxExtensions"/> tells its
/// user.</summary>
internal sealed class ForecastModelOnnx
{
    private const string Batch = "batch", Rows = "rows", AllRows = "rows_and_horizon";
    private readonly OnnxGraph _graph = new();
    private readonly ForecastModel _model;
    private readonly ForecastSettings _settings;
    private readonly int _horizon;
    private readonly double? _level;

    private ForecastModelOnnx(ForecastModel model, ForecastOnnxOptions options) =>
        (_model, _settings, _horizon, _level) = (model, model.Settings, options.Horizon ?? model.Horizon, options.ConfidenceLevel);

    /// <summary>Describes a forecaster.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The horizon is beyond the trained one, or the level out of its range.</exception>
    /// <exception cref="InvalidOperationException">A level is asked for, and the forecaster gives none, or its own alone.</exception>
    public static OnnxFile Create(ForecastModel model, ForecastOnnxOptions options)
    {
        string beyond = model.IsVariableHorizon
            ? ": VariableHorizon feeds forecasts back, which a graph does not; give it its forecasts as history"
            : ", or null for that";
        Guard.RequireArgument(options.Horizon is null || (options.Horizon >= 1 && options.Horizon <= model.Horizon),
            nameof(options.Horizon), options.Horizon, $"1 to {model.Horizon}, the horizon that it was trained for{beyond}");
        if (options.ConfidenceLevel is { } level)
            model.RequireLevel(level);
        return new ForecastModelOnnx(model, options).Write();
    }

    private OnnxFile Write()
    {
        var windows = new ForecastWindowsExport(_graph, _settings, Inputs());
        string outputs = "";
        for (int member = 0; member < _model.MemberCount; member++)
        {
            string own = new ForecastNetworkExport(_graph, _model.Members[member], member == 0 ? ""
                : Invariant($"member{member}."), windows).Write();
            outputs = member == 0 ? own : _graph.Add(outputs, own);
        }
        if (_model.MemberCount > 1)
            outputs = _graph.Divide(outputs, _graph.Number((float)_model.MemberCount));
        if (_model.Locals is { } locals)
            outputs = new LocalForecastsExport(_graph, locals, windows).Write(outputs, _model.Horizon, _model.QuantileCount);
        if (_horizon < _model.Horizon)
            outputs = _graph.First(outputs, 1, _graph.Integers(_horizon));
        string middle = _graph.At(outputs, _model.QuantileCount / 2, 2);
        Output("forecast", windows, middle);
        if (_model.Calibration is { } calibration)
            Bounds(calibration, windows, outputs, middle);
        string description = Invariant($"Forecast of {_horizon} steps by {_model.Spec.Cell} from up to {_model.WindowLength} rows");
        return new OnnxFile(_graph, description, [("task", "Forecasting"), ("targets", string.Join(", ", _model.Input.Targets))]);
    }

    private ForecastInputs Inputs() => new()
    {
        History = _graph.Input("history", OnnxType.Float, Batch, Rows, _settings.TargetCount),
        Past = _settings.PastSize > 0 ? _graph.Input("past", OnnxType.Float, Batch, Rows, _settings.PastSize) : "",
        Future = _settings.FutureSize > 0 ? _graph.Input("future", OnnxType.Float, Batch, AllRows, _settings.FutureSize) : "",
        Time = _settings.Calendar != CalendarFeatures.None ? _graph.Input("time", OnnxType.Int64, Batch, AllRows) : "",
        Static = _settings.StaticSize > 0 ? _graph.Input("static", OnnxType.Float, Batch, _settings.StaticSize) : "",
        Series = Series(),
    };

    // The only series needs no name.
    private string Series()
    {
        if (!_settings.HasChannels)
            return "";
        if (_settings.SeriesNames.Count == 1)
            return _graph.Expand(_graph.Number(1L), _graph.Size("history", 0));
        string name = _graph.Input("series", OnnxType.String, Batch);
        return _graph.Op(IOnnxGraph.LabelEncoder, [name], ("keys_strings", _settings.SeriesNames.ToArray()),
            ("values_int64s", Enumerable.Range(1, _settings.SeriesNames.Count).Select(number => (long)number).ToArray()),
                ("default_int64", 0L));
    }

    private void Bounds(IntervalCalibration calibration, ForecastWindowsExport windows, string outputs, string middle)
    {
        (float Below, float Above)[] widening = [.. Enumerable.Range(0, _horizon).Select(step => calibration.Widening(step, _level))];
        string lower = _graph.Subtract(_graph.At(outputs, 0, 2), _graph.Tensor("calibration.below",
            widening.Select(step => step.Below).ToArray(), _horizon));
        string upper = _graph.Add(_graph.At(outputs, -1, 2), _graph.Tensor("calibration.above",
            widening.Select(step => step.Above).ToArray(), _horizon));
        string areCrossed = _graph.Op("Greater", lower, upper), between = _graph.Multiply(_graph.Add(lower, upper), _graph.Number(0.5f));
        Output("lower_bound", windows, _graph.Op("Min", _graph.Where(areCrossed, between, lower), middle));
        Output("upper_bound", windows, _graph.Op("Max", _graph.Where(areCrossed, between, upper), middle));
    }

    private void Output(string name, ForecastWindowsExport windows, string values)
    {
        string undone = _graph.Reshape(windows.Undo(values), -1, _settings.TargetCount, _horizon);
        _graph.Output(name, _graph.Transpose(undone, 0, 2, 1), OnnxType.Float, Batch, _horizon, _settings.TargetCount);
    }
}
