using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Diagnosis;

/// <summary>The JSON of a diagnosis.</summary>
[JsonSourceGenerationOptions(UseStringEnumConverter = true, AllowDuplicateProperties = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(NetworkDiagnosis))]
internal sealed partial class DiagnosisJson : JsonSerializerContext;
