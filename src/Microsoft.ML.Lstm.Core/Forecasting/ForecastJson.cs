using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>The JSON of a forecaster in its model's metadata.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, AllowDuplicateProperties = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(ForecastSettings))]
[JsonSerializable(typeof(ForecastInput))]
[JsonSerializable(typeof(IntervalCalibration))]
[JsonSerializable(typeof(TrainingHistory))]
[JsonSerializable(typeof(ForecastHandshake))]
[JsonSerializable(typeof(LocalForecastsFile))]
[JsonSerializable(typeof(SeriesHandshake))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class ForecastJson : JsonSerializerContext;
