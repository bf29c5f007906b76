namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>When a doctor looks.</summary>
internal enum TrainingStage
{
    /// <summary>Before the first update: only the data is known.</summary>
    Data,

    /// <summary>After the first epoch.</summary>
    FirstEpoch,

    /// <summary>After the epoch in which half of all updates were done.</summary>
    Midway,

    /// <summary>At the end; the network is what the caller gets.</summary>
    End,
}
