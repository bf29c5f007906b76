namespace Microsoft.ML.Lstm.Peers;

/// <summary>One of those that compute a workload.</summary>
internal interface ISide : IDisposable
{
    /// <summary>Such as <c>TorchSharp</c>.</summary>
    string Name { get; }

    /// <summary>What is timed: a training step, a batch, a row or a table.</summary>
    void Run();

    /// <summary>Waits for what runs on a device, without which a turn's time would lack its last calls.</summary>
    void Complete()
    {
    }

    /// <summary>What all sides must agree on: scores, or the losses of the first three steps of a side that has not run yet.</summary>
    float[] Outputs();
}
