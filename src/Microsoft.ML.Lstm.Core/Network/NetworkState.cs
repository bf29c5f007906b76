using Microsoft.ML.Lstm.Kernels;

namespace Microsoft.ML.Lstm.Network;

/// <summary>The recurrent state of B streams between two stretches of them: h, and for the LSTM c, of every layer.</summary>
internal sealed unsafe class NetworkState
{
    private readonly NetworkSpec _spec;
    private readonly FloatBuffer[] _hidden, _cells;

    public NetworkState(NetworkSpec spec)
    {
        _spec = spec;
        _hidden = [.. spec.HiddenSizes.Select(_ => new FloatBuffer())];
        _cells = [.. spec.HiddenSizes.Select(_ => new FloatBuffer())];
    }

    /// <summary>B; 0 before the first stretch.</summary>
    public int Streams { get; private set; }

    /// <summary>Back to the initial state.</summary>
    public void Reset() => Streams = 0;

    /// <summary>Puts the state in front of a layer's time loop; leaves the layer's own initial state when there is none.</summary>
    public void Load(int layer, IRecurrentLayer into, int sequences)
    {
        if (Streams == 0)
            return;
        if (Streams != sequences)
            throw new ArgumentException(Invariant($"A batch has {Plural.Of(sequences, "sequence")}; expected {Streams}, the streams of the carried state."));
        _hidden[layer].Span[..(sequences * into.StateRow)].CopyTo(new Span<float>(into.InitialH, sequences * into.StateRow));
        if (_spec.Cell == CellKind.Lstm)
            _cells[layer].Span[..(sequences * into.StateRow)].CopyTo(new Span<float>(into.InitialC, sequences * into.StateRow));
    }

    /// <summary>Keeps a layer's state after the last step of each sequence.</summary>
    public void Save(int layer, IRecurrentLayer from, int sequences)
    {
        _hidden[layer].Reserve((long)sequences * from.StateRow);
        _cells[layer].Reserve((long)sequences * from.StateRow);
        from.CopyFinalH(_hidden[layer].Pointer, from.StateRow, from.StateRow);
        if (_spec.Cell == CellKind.Lstm)
            from.CopyFinalC(_cells[layer].Pointer, from.StateRow);
        if (layer == _spec.HiddenSizes.Count - 1)
            Streams = sequences;
    }

    /// <summary>The values, for a checkpoint: [streams], then h and c of each layer without padding.</summary>
    public float[] Export()
    {
        var values = new List<float> { Streams };
        for (int layer = 0; layer < _hidden.Length && Streams > 0; layer++)
            foreach (FloatBuffer buffer in Buffers(layer))
                for (int stream = 0; stream < Streams; stream++)
                    values.AddRange(Row(buffer, layer, stream));
        return [.. values];
    }

    /// <summary>Restores what <see cref="Export"/> gave.</summary>
    /// <exception cref="ArgumentException">The values are not a whole number of streams, and as many for each as the network has.</exception>
    public void Import(ReadOnlySpan<float> values)
    {
        Streams = StreamsOf(_spec, values);
        values = values[1..];
        for (int layer = 0; layer < _hidden.Length && Streams > 0; layer++)
            foreach (FloatBuffer buffer in Buffers(layer))
            {
                buffer.Reserve((long)Streams * Gemm.Stride(_spec.HiddenSizes[layer]));
                for (int stream = 0; stream < Streams; stream++)
                {
                    values[.._spec.HiddenSizes[layer]].CopyTo(Row(buffer, layer, stream));
                    values = values[_spec.HiddenSizes[layer]..];
                }
            }
    }

    /// <summary>The number of streams that exported values are of.</summary>
    /// <exception cref="ArgumentException">The values are not a whole number of streams, and as many for each as the network has.</exception>
    public static int StreamsOf(NetworkSpec spec, ReadOnlySpan<float> values)
    {
        float streams = values.IsEmpty ? -1 : values[0];
        long perStream = spec.HiddenSizes.Sum(size => (long)size) * (spec.Cell == CellKind.Lstm ? 2 : 1);
        if (!(streams >= 0 && streams == MathF.Floor(streams) && values.Length - 1 == streams * (double)perStream))
            throw new ArgumentException(FormattableString.Invariant(
                $"The carried state has {values.Length} values and says that it is of {streams} streams; expected 1 value and {perStream} more for each stream."), nameof(values));
        return (int)streams;
    }

    private IEnumerable<FloatBuffer> Buffers(int layer) => _spec.Cell == CellKind.Lstm ? [_hidden[layer], _cells[layer]] : [_hidden[layer]];

    private Span<float> Row(FloatBuffer buffer, int layer, int stream) =>
        buffer.Span.Slice(stream * Gemm.Stride(_spec.HiddenSizes[layer]), _spec.HiddenSizes[layer]);
}
