using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Diagnosis;

namespace Microsoft.ML.Lstm;

/// <summary>What a <see cref="Diagnosis.NetworkDoctor"/> thinks of a training and the network that came of it. Immutable.</summary>
public sealed record NetworkDiagnosis
{
    /// <summary>The findings, the gravest first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Whether nothing was found.</summary>
    [JsonIgnore]
    public bool IsHealthy => Findings.Count == 0;

    /// <summary>The finding of that code; null when there is none.</summary>
    public Finding? this[FindingCode code] => Findings.FirstOrDefault(finding => finding.Code == code);

    /// <summary>As JSON, for a model's metadata.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, DiagnosisJson.Default.NetworkDiagnosis);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no such JSON.</exception>
    public static NetworkDiagnosis FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, DiagnosisJson.Default.NetworkDiagnosis)
                ?? throw new InvalidDataException("The diagnosis is null; expected an object.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(Invariant($"The diagnosis is not JSON as expected: {e.Message}"), e);
        }
    }

    /// <summary>A line for each finding.</summary>
    public override string ToString() => IsHealthy
        ? "Nothing was found."
        : string.Join(Environment.NewLine, Findings.Select(finding => Invariant($"[{finding.Severity}] {finding}")));
}
