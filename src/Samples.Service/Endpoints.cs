using System.Diagnostics;
using Microsoft.ML.Lstm;

namespace Samples.Service;

/// <summary>What the service does.</summary>
internal static class Endpoints
{
    private const int LongestDevice = 200;

    /// <summary>Maps them.</summary>
    public static void MapForecasts(this WebApplication app)
    {
        app.MapPost("/forecast", Forecast);
        app.MapPost("/devices/{id}/rows", Append);
        app.MapGet("/model", (ModelHolder models) => models.Current is { } model
            ? Results.Ok(new { models.Generation, model.Horizon, model.WindowLength, model.SeasonLength, model.ConfidenceLevel, Series = model.SeriesNames.Count })
            : NoModel());
        app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/health/ready");
    }

    private static IResult Forecast(ForecastRequest request, ModelHolder models, ServiceMetrics metrics)
    {
        if (models.Current is not { } model)
            return NoModel();
        if (request.Problems(model.IsVariableHorizon ? 10 * model.Horizon : model.Horizon) is { Count: > 0 } problems)
            return Results.ValidationProblem(problems);
        float[] past = [.. request.Values!.Select(value => value ?? float.NaN)];
        return Measured(metrics, past.Length, () => Results.Ok(ForecastResponse.Of(model.Forecast(past, request.Series, request.LastTime, request.Horizon), models.Generation)));
    }

    private static IResult Append(string id, RowRequest row, ModelHolder models, DeviceSessions sessions, ServiceMetrics metrics)
    {
        if (models.Current is not { } model)
            return NoModel();
        if (id.Length > LongestDevice)
            return Results.ValidationProblem(new Dictionary<string, string[]> { ["id"] = [$"The device's name has {id.Length} characters; expected at most {LongestDevice}."] });
        return Measured(metrics, 1, () => sessions.Append(model, id, row) is { } result ? Results.Ok(ForecastResponse.Of(result, models.Generation)) : Results.NoContent());
    }

    // What a model refuses, it says in a sentence that the caller can act on.
    private static IResult Measured(ServiceMetrics metrics, int rows, Func<IResult> forecast)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            return forecast();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest, title: "The model cannot forecast from that.");
        }
        finally
        {
            metrics.Forecast(rows, Stopwatch.GetElapsedTime(began).TotalSeconds);
        }
    }

    private static IResult NoModel() => Results.Problem("No model is loaded yet.", statusCode: StatusCodes.Status503ServiceUnavailable);
}
