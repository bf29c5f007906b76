namespace Microsoft.ML.Lstm;

/// <summary>The recurrent state of a sequence that is read step by step: what a network remembers of it. Immutable; of one architecture.</summary>
public sealed class RecurrentState
{
    private readonly float[] _values;

    internal RecurrentState(string network, float[] values) => (Network, _values) = (network, values);

    internal string Network { get; }

    internal ReadOnlySpan<float> Values => _values;
}
