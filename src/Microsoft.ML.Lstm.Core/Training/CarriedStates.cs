using System.Globalization;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The recurrent states that a stateful engine carries from batch to batch: one for each shard whose gradient it computes, since each shard has streams of
/// its own. A shard's state is there from its first batch on.
/// </summary>
internal sealed class CarriedStates(NetworkSpec spec)
{
    /// <summary>The name of shard 0's state among those of the optimiser; others have their number after a dot.</summary>
    public const string Name = "state";

    private readonly SortedDictionary<int, NetworkState> _states = [];

    /// <summary>The shard that a state of this name is of; null: it is something else.</summary>
    public static int? ShardOf(string name) =>
        name == Name ? 0
        : name.StartsWith(Name + ".", StringComparison.Ordinal) && int.TryParse(name.AsSpan(Name.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int shard) ? shard
        : null;

    public NetworkState Of(int shard)
    {
        if (!_states.TryGetValue(shard, out NetworkState? state))
            _states.Add(shard, state = new NetworkState(spec));
        return state;
    }

    /// <summary>All back to the initial state.</summary>
    public void Reset()
    {
        foreach (NetworkState state in _states.Values)
            state.Reset();
    }

    public void ExportTo(Dictionary<string, float[]> to)
    {
        to.Add(Name, Of(shard: 0).Export());
        foreach ((int shard, NetworkState state) in _states)
            if (shard > 0)
                to.Add(Invariant($"{Name}.{shard}"), state.Export());
    }

    /// <summary>Restores what <see cref="ExportTo"/> gave; shards that are not there begin anew.</summary>
    /// <exception cref="ArgumentException">There is no state, or one is of another size.</exception>
    public void Import(IReadOnlyDictionary<string, float[]> from)
    {
        if (!from.ContainsKey(Name))
            throw new ArgumentException(Invariant($"The engine state has no '{Name}'; it has {string.Join(", ", from.Keys)}."), nameof(from));
        Reset();
        foreach ((string name, float[] values) in from)
            if (ShardOf(name) is { } shard)
                Of(shard).Import(values);
    }
}
