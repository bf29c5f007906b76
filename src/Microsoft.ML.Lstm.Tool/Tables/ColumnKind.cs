namespace Microsoft.ML.Lstm.Tool.Tables;

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    /// <summary>Values.</summary>
    Number,

    /// <summary>Times.</summary>
    Time,

    /// <summary>Anything else.</summary>
    Text,
}
