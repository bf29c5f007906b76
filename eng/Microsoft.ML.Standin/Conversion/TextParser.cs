namespace Microsoft.ML.Data;

/// <summary>Reads a value from text; false, with the type's missing or default value, where there is none.</summary>
internal delegate bool TextParser<T>(ReadOnlyMemory<char> text, out T value);
