namespace Microsoft.ML.Lstm.Tool;

/// <summary>What a person has to put right; the message says what was found, what was expected, and which flag helps.</summary>
internal sealed class ToolException(string message, Exception? inner = null) : Exception(message, inner);
