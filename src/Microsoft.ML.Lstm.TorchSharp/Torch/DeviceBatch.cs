using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// A batch on the device, in its own packed order: N rows, row t of all sequences before row t + 1 of any, longest sequence first. What libtorch packs is
/// laid out alike, so outputs are rows again. Lives as long as the dispose scope it is made in.
/// </summary>
internal sealed class DeviceBatch
{
    private readonly Device _device;
    private readonly Tensor? _places;
    private readonly Tensor? _lengths;
    private Tensor? _reversed;

    public DeviceBatch(SequenceBatch batch, NetworkSpec spec, Device device)
    {
        InputLayer.Check(spec, batch);
        (Host, _device) = (batch, device);
        if (batch.FeatureSize > 0)
            Features = Upload(batch.Features, batch.RowCount, batch.FeatureSize);
        if (batch.HasTokens)
            Tokens = Upload(batch.Tokens, batch.RowCount);
        if (batch.IsUniform)
            return;
        _places = Upload(Places(batch), batch.RowCount);
        _lengths = tensor(Array.ConvertAll(batch.Lengths.ToArray(), length => (long)length));
    }

    /// <summary>What was uploaded.</summary>
    public SequenceBatch Host { get; }

    /// <summary>[N, F]; null when there are none.</summary>
    public Tensor? Features { get; }

    /// <summary>[N]; null when there are none.</summary>
    public Tensor? Tokens { get; }

    /// <summary>B.</summary>
    public int Sequences => Host.SequenceCount;

    /// <summary>Whether all sequences are of one length, so that rows are steps times sequences as they stand.</summary>
    public bool IsUniform => _places is null;

    /// <summary>For each row that of the same sequence as many steps from its end as the row is from its beginning: [N].</summary>
    public Tensor Reversed => _reversed ??= Upload(Reversal(Host), Host.RowCount);

    /// <summary>Rows as steps: [N, W] to [T, B, W]; those that there are not are 0.</summary>
    public Tensor Steps(Tensor rows)
    {
        long width = rows.shape[1];
        Tensor all = _places is null ? rows : zeros([(long)Host.StepCount * Sequences, width], dtype: rows.dtype, device: _device).index_copy(0, _places, rows);
        return all.view(Host.StepCount, Sequences, width);
    }

    /// <summary>Rows as libtorch packs sequences.</summary>
    public nn.utils.rnn.PackedSequence Pack(Tensor rows) => nn.utils.rnn.pack_padded_sequence(Steps(rows), _lengths!, enforce_sorted: true);

    /// <summary>Values to the device.</summary>
    public Tensor Upload(ReadOnlySpan<float> values, params long[] shape)
    {
        Tensor host = empty(shape, dtype: float32);
        if (!values.IsEmpty)
            values.CopyTo(MemoryMarshal.Cast<byte, float>(host.bytes));
        return ToDevice(host);
    }

    /// <summary>Indices to the device.</summary>
    public Tensor Upload(ReadOnlySpan<int> values, params long[] shape)
    {
        Tensor host = empty(shape, dtype: int64);
        Span<long> to = MemoryMarshal.Cast<byte, long>(host.bytes);
        for (int i = 0; i < values.Length; i++)
            to[i] = values[i];
        return ToDevice(host);
    }

    /// <summary>Values from the device.</summary>
    public static void Download(Tensor values, Span<float> to) => MemoryMarshal.Cast<byte, float>(values.contiguous().cpu().bytes).CopyTo(to);

    // From pinned memory the copy runs beside the computation, and nobody waits for it.
    private Tensor ToDevice(Tensor host) => _device.type == TorchSharp.DeviceType.CPU ? host : host.pin_memory().to(_device, copy: false, non_blocking: true);

    private static int[] Reversal(SequenceBatch batch)
    {
        int[] rows = new int[batch.RowCount];
        for (int t = 0, row = 0; t < batch.StepCount; t++)
            for (int p = 0; p < batch.Rows(t); p++)
                rows[row++] = batch.Row(p, batch.Lengths[p] - 1 - t);
        return rows;
    }

    /// <summary>Where each row stands among steps times sequences.</summary>
    private static int[] Places(SequenceBatch batch)
    {
        int[] places = new int[batch.RowCount];
        for (int t = 0, row = 0; t < batch.StepCount; t++)
            for (int p = 0; p < batch.Rows(t); p++)
                places[row++] = (t * batch.SequenceCount) + p;
        return places;
    }
}
