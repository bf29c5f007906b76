using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Network;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>The recurrent state of B streams between two chunks of them, as a checkpoint has it: B, then h and for LSTM cells c of each layer, [B, H].</summary>
internal sealed class CarriedState(NetworkSpec spec, DeviceWeights weights, Device device) : IDisposable
{
    private readonly List<LayerState> _states = [];

    /// <summary>B; 0 before the first chunk.</summary>
    public int Streams { get; private set; }

    public bool HasState => Streams > 0;

    private bool HasCells => spec.Cell == CellKind.Lstm;

    /// <summary>The state of a level's layers.</summary>
    public LayerState Of(int level) => _states[level];

    /// <summary>Refuses a batch of other streams than the state's.</summary>
    public void RequireStreams(int sequences)
    {
        if (HasState && Streams != sequences)
            throw new ArgumentException(Invariant($"A batch has {Plural.Of(sequences, "sequence")}; expected {Streams}, the streams of the carried state."));
    }

    public void Keep(IEnumerable<LayerState> finals, int streams)
    {
        LayerState[] kept = [.. finals.Select(state => state.Keep())];
        Reset();
        _states.AddRange(kept);
        Streams = streams;
    }

    public void Reset()
    {
        foreach (LayerState state in _states)
            state.Free();
        _states.Clear();
        Streams = 0;
    }

    public float[] Export()
    {
        var values = new List<float> { Streams };
        for (int i = 0; i < _states.Count; i++)
            for (int layer = 0; layer < weights.Encoder[i].LayerCount; layer++)
                foreach (Tensor? part in (Tensor?[])[_states[i].H, _states[i].C])
                    if (part is not null)
                        values.AddRange(MemoryMarshal.Cast<byte, float>(part[layer].contiguous().cpu().bytes));
        return [.. values];
    }

    /// <summary>Restores what <see cref="Export"/> gave, here or on another engine.</summary>
    /// <exception cref="ArgumentException">The values are not a whole number of streams, and as many for each as the network has.</exception>
    public void Import(float[] values)
    {
        int streams = NetworkState.StreamsOf(spec, values), at = 1;
        Reset();
        for (int i = 0; i < weights.Encoder.Count && streams > 0; i++)
        {
            IRecurrentLevel level = weights.Encoder[i];
            var (h, c) = (new List<Tensor>(), new List<Tensor>());
            for (int layer = 0; layer < level.LayerCount; layer++)
                foreach (List<Tensor> parts in HasCells ? (List<Tensor>[])[h, c] : [h])
                {
                    int count = streams * level.Units;
                    parts.Add(tensor(values[at..(at + count)], [streams, level.Units], device: device));
                    at += count;
                }
            _states.Add(new LayerState(stack(h), HasCells ? stack(c) : null).Keep());
        }
        Streams = streams;
    }

    public void Dispose() => Reset();
}
