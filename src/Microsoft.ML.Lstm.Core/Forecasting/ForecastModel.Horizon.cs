using Microsoft.ML.Lstm.Forecasting;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

public sealed partial class ForecastModel
{
    private const int MostSteps = 100_000, MostPaths = 100_000;

    /// <summary>Whether it may be asked for more rows than <see cref="Horizon"/>, feeding its own forecasts back.</summary>
    public bool IsVariableHorizon => Settings.VariableHorizon;

    /// <summary>What it was wrong by on held-out windows; null if none were held out.</summary>
    internal ResidualPaths? Residuals { get; }

    /// <summary>Refuses a horizon that cannot be forecast.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is less than 1, or beyond the trained one of a forecaster that does not feed its forecasts back, or cannot.</exception>
    internal void RequireHorizon(int horizon)
    {
        bool isBeyond = horizon > Horizon;
        RequireArgument(horizon >= 1 && (!isBeyond || Settings.VariableHorizon), nameof(horizon), horizon,
            $"1 to {Horizon}, the horizon that it was trained for, since VariableHorizon is {Settings.VariableHorizon}");
        RequireArgument(horizon <= MostSteps, nameof(horizon), horizon, $"at most {MostSteps}");
        if (isBeyond && Settings.PastSize > 0)
            throw new ArgumentOutOfRangeException(nameof(horizon), Invariant(
                $"horizon is {horizon}; expected 1 to {Horizon}, since column '{Input.Past[0].Name}' is a past covariate, which is not known where forecasts would be fed back."));
    }

    /// <summary>Rows of the future that a forecast of a horizon reads covariates of: whole trained horizons.</summary>
    internal int RowsAhead(int horizon) => (horizon + Horizon - 1) / Horizon * Horizon;

    /// <summary><see cref="RowsAhead"/> as messages say it.</summary>
    internal string SaidOfRowsAhead(int horizon) => RowsAhead(horizon) is var rows && rows > Horizon
        ? Invariant($"{rows}, {rows / Horizon} times the horizon of {Horizon} that is forecast at once")
        : Invariant($"{rows}, the horizon");

    internal void RequireSamplePaths(int samplePaths)
    {
        RequireArgument(samplePaths is >= 0 and <= MostPaths, nameof(samplePaths), samplePaths, $"0 to {MostPaths}");
        if (samplePaths > 0 && Residuals is null)
            throw new InvalidOperationException("The forecaster has no residuals of held-out windows to draw sample paths from; expected one that was trained with windows held out, by this version.");
    }

    /// <summary>A forecast of the wanted horizon as a result, with sample paths.</summary>
    internal ForecastResult Forecast(SeriesData series, int target, int origin, int horizon, int samplePaths, int seed, double? confidenceLevel = null)
    {
        RequireHorizon(horizon);
        RequireSamplePaths(samplePaths);
        var predictor = new ForecastPredictor(this, [series]) { ConfidenceLevel = confidenceLevel };
        var results = new SeriesForecast[1];
        (int, int, int)[] windows = [(0, target, origin)];
        predictor.Forecast(windows, results);
        float[][] paths = samplePaths == 0 ? [] : predictor.Recursive.Draw(windows[0], results[0], horizon, samplePaths, seed);
        predictor.ToHorizon(windows, results, horizon);
        return new ForecastResult(results[0].Values, results[0].Lower, results[0].Upper) { SamplePaths = paths };
    }
}
