namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>What the features of a row, the known covariates of the horizon, and the static covariates of a forecaster are called.</summary>
internal sealed class FeatureNames
{
    private const string Calendar = "Calendar";

    public FeatureNames(ForecastModel model, int target)
    {
        ForecastSettings settings = model.Settings;
        (string, ForecastInputKind)[] future = [.. Of(model.Input.Future, ForecastInputKind.FutureCovariate),
            .. Enumerable.Repeat((Calendar, ForecastInputKind.Calendar), CalendarEncoding.SizeOf(settings.Calendar))];
        string name = model.Input.Targets[target];
        Row = [(name, ForecastInputKind.Target), .. settings.MasksMissing ? [(name, ForecastInputKind.Missing)] : Array.Empty<(string, ForecastInputKind)>(),
            .. Of(model.Input.Past, ForecastInputKind.PastCovariate), .. future];
        Known = future;
        Static = [.. Of(model.Input.Static, ForecastInputKind.StaticCovariate)];
    }

    /// <summary>Of a row of the past: [F].</summary>
    public IReadOnlyList<(string Name, ForecastInputKind Kind)> Row { get; }

    /// <summary>Of a row of the horizon.</summary>
    public IReadOnlyList<(string Name, ForecastInputKind Kind)> Known { get; }

    /// <summary>Of a series.</summary>
    public IReadOnlyList<(string Name, ForecastInputKind Kind)> Static { get; }

    private static IEnumerable<(string, ForecastInputKind)> Of(IEnumerable<Covariate> covariates, ForecastInputKind kind) =>
        covariates.SelectMany(covariate => Enumerable.Repeat((covariate.Name, kind), covariate.Size));
}
