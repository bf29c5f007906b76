using Microsoft.ML.Lstm.Network;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>The recurrent layers one after the other, with dropout between them and the state that they begin in: carried, learned, or zero.</summary>
internal sealed class RecurrentStack(NetworkSpec spec, DeviceWeights weights, float layerDropout, Device device)
{
    /// <summary>Runs the layers.</summary>
    /// <param name="batch">How rows make sequences.</param>
    /// <param name="rows">What the first layer reads, [N, W].</param>
    /// <param name="carried">The state to begin in and to leave behind; null: none is carried.</param>
    /// <param name="draws">Dropout; null: none.</param>
    /// <returns>The last layer's outputs, [N, directions · H], and each level's final state.</returns>
    public (Tensor Rows, IReadOnlyList<LayerState> Finals) Run(DeviceBatch batch, Tensor rows, CarriedState? carried, DropoutDraws? draws)
    {
        carried?.RequireStreams(batch.Sequences);
        var finals = new List<LayerState>();
        for (int i = 0; i < weights.Encoder.Count; i++)
        {
            IRecurrentLevel level = weights.Encoder[i];
            level.SetTraining(draws is not null);
            LayerState initial = carried is { HasState: true } ? carried.Of(i) : Initial(level, batch.Sequences);
            (rows, LayerState final) = level.Run(batch, rows, initial, draws);
            finals.Add(final);
            if (i < weights.Encoder.Count - 1)
                rows = draws?.Drop(rows, layerDropout) ?? rows;
        }
        carried?.Keep(finals, batch.Sequences);
        return (rows, finals);
    }

    /// <summary>One step of the decoder's layers for each segment of the horizon, from the encoder's final states: u [B·M, D] to h [B·M, top].</summary>
    public Tensor Decode(Tensor u, IReadOnlyList<LayerState> finals, int segments, DropoutDraws? draws)
    {
        for (int i = 0; i < weights.Decoder.Count; i++)
        {
            IRecurrentLevel level = weights.Decoder[i];
            level.SetTraining(draws is not null);
            var initial = new LayerState(ForSegments(finals[i].H, segments), finals[i].C is { } c ? ForSegments(c, segments) : null);
            u = level.RunStep(u, initial, segments, draws);
            if (i < weights.Decoder.Count - 1)
                u = draws?.Drop(u, layerDropout) ?? u;
        }
        return u;
    }

    private static Tensor ForSegments(Tensor state, int segments)
    {
        long[] shape = state.shape;
        return state.unsqueeze(2).expand(shape[0], shape[1], segments, shape[2]).reshape(shape[0], shape[1] * segments, shape[2]);
    }

    private LayerState Initial(IRecurrentLevel level, int sequences)
    {
        Tensor h = Initial(level, sequences, "rnn.h0");
        return new LayerState(h, spec.Cell == CellKind.Lstm ? Initial(level, sequences, "rnn.c0") : null);
    }

    private Tensor Initial(IRecurrentLevel level, int sequences, string name)
    {
        if (!spec.LearnedInitialState)
            return zeros([level.LayerCount * level.Directions, sequences, level.Units], dtype: float32, device: device);
        var learned = new List<Tensor>();
        for (int layer = 0; layer < level.LayerCount; layer++)
            for (int direction = 0; direction < level.Directions; direction++)
                learned.Add(weights[name + ParameterLayout.Suffix(level.FirstLayer + layer, direction)]);
        return stack(learned).unsqueeze(1).expand(learned.Count, sequences, level.Units).contiguous();
    }
}
