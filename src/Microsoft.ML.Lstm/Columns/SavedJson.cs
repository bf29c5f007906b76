using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>How JSON that a transformer was saved as is read: a name that is given twice says two things, so the file is refused.</summary>
internal static class SavedJson
{
    /// <summary>Of objects; also for writing them.</summary>
    public static JsonSerializerOptions Options { get; } = new() { AllowDuplicateProperties = false, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Of documents whose version is not known yet.</summary>
    public static JsonDocumentOptions DocumentOptions { get; } = new() { AllowDuplicateProperties = false };
}
