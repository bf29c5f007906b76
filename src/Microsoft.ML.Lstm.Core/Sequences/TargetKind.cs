namespace Microsoft.ML.Lstm.Sequences;

/// <summary>What an example is to be answered with.</summary>
public enum TargetKind
{
    /// <summary>Nothing: the examples are only scored.</summary>
    None,

    /// <summary>Numbers, as many as <see cref="SequenceShape.TargetSize"/>.</summary>
    Numbers,

    /// <summary>A class, counted from 0; −1 does not count.</summary>
    Class,
}
