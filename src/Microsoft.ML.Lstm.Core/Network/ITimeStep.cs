namespace Microsoft.ML.Lstm.Network;

/// <summary>What a recurrent layer does at one step, for some of the sequences that have it and some blocks of units.</summary>
internal interface ITimeStep
{
    /// <summary>The gates, c and h of step <paramref name="t"/>.</summary>
    void ForwardStep(int t, int firstSequence, int sequences, int firstBlock, int lastBlock);

    /// <summary>The gates' gradients of step <paramref name="t"/>, and dc of the step before.</summary>
    void BackwardCells(int t, int firstSequence, int sequences, int firstBlock, int lastBlock);

    /// <summary>dh of the step before, from all gates' gradients of step <paramref name="t"/>.</summary>
    void BackwardState(int t, int firstSequence, int sequences, int firstBlock, int lastBlock);
}
