using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// What must be the same in every process before they read, measure and lay out windows together; what the training itself depends on beside it, the
/// training compares.
/// </summary>
internal sealed record ForecastHandshake
{
    /// <summary>Who holds what.</summary>
    public DistributedData DistributedData { get; init; }

    /// <summary>The columns.</summary>
    public ForecastInput? Input { get; init; }

    /// <summary>A hash of what keys stand for: covariates and series of the same number must be the same.</summary>
    public string? KeyValues { get; init; }

    /// <summary>The time step that is given.</summary>
    public TimeStep? TimeStep { get; init; }

    public int WindowSize { get; init; }

    public int Horizon { get; init; }

    public int? SegmentLength { get; init; }

    public int? SeasonLength { get; init; }

    public CalendarFeatures? CalendarFeatures { get; init; }

    public MissingValues MissingValues { get; init; }

    public bool? Logarithms { get; init; }

    public bool ScaleByWindow { get; init; }

    public double SpreadShare { get; init; }

    public bool LinearSkip { get; init; }

    public bool TrainSkip { get; init; }

    public bool LocalForecasts { get; init; }

    public bool? RefitOnAllRows { get; init; }

    public LossSpec? Loss { get; init; }

    public double? ConfidenceLevel { get; init; }

    public double ValidationFraction { get; init; }

    public int BatchSize { get; init; }

    public int WindowsPerEpoch { get; init; }

    public int NumberOfModels { get; init; }

    /// <summary>The forecaster whose training is continued, as a hash.</summary>
    public string? InitialModel { get; init; }

    public static ForecastHandshake Of(
        ForecastPlan plan, ForecastInput input, DistributedData data, string? keyValues, TimeStep? step, string? initialModel) => new()
    {
        DistributedData = data,
        Input = input,
        KeyValues = keyValues,
        TimeStep = step,
        WindowSize = plan.WindowLength,
        Horizon = plan.Horizon,
        SegmentLength = plan.SegmentLength,
        SeasonLength = plan.SeasonLength,
        CalendarFeatures = plan.Calendar,
        MissingValues = plan.MissingValues,
        Logarithms = plan.Logarithms,
        ScaleByWindow = plan.ScalesByWindow,
        SpreadShare = plan.SpreadShare,
        LinearSkip = plan.LinearSkip,
        TrainSkip = plan.TrainSkip,
        LocalForecasts = plan.LocalForecasts,
        RefitOnAllRows = plan.RefitOnAllRows,
        Loss = plan.Engine.Loss,
        ConfidenceLevel = plan.ConfidenceLevel,
        ValidationFraction = plan.Training.ValidationFraction,
        BatchSize = plan.Training.BatchSize,
        WindowsPerEpoch = plan.WindowsPerEpoch,
        NumberOfModels = plan.MemberCount,
        InitialModel = initialModel,
    };
}
