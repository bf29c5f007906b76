namespace Microsoft.ML.Lstm;

/// <summary>How much a finding matters.</summary>
public enum FindingSeverity
{
    /// <summary>Good to know; the model may be fine.</summary>
    Information,

    /// <summary>The model is probably worse than it could be, or its figures better than it is.</summary>
    Warning,

    /// <summary>The network has learned nothing, or was lost on the way.</summary>
    Error,
}
