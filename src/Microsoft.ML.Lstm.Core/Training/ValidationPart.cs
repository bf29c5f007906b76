namespace Microsoft.ML.Lstm;

/// <summary>Which examples are held back for validation.</summary>
public enum ValidationPart
{
    /// <summary>The last ones: right for series and streams, where the future is what counts.</summary>
    Last,

    /// <summary>Random ones.</summary>
    Random,
}
