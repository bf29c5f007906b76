using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Network;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Torch;

/// <summary>
/// Parameters that lie together in one tensor on the device, with their gradients in another: what clips and moves them is one operation each, whatever
/// their number. A parameter is a view, and so is its gradient, which the backward pass adds to in place; where products' factors are rounded, both are
/// views of rounded copies, which each pass begins or ends with.
/// </summary>
internal sealed class WeightBlock : IDisposable
{
    // Bytes of a tensor are read through a span, which counts them in an int.
    private const int MostPerCopy = 1 << 28;

    private readonly List<(ParameterSlice Slice, long Offset)> _places = [];
    private readonly List<Tensor> _views = [];
    private readonly Tensor? _rounded, _roundedGradient;

    /// <summary>Makes room for parameters, in the order given.</summary>
    /// <param name="slices">The parameters.</param>
    /// <param name="device">Where they lie.</param>
    /// <param name="isFrozen">Whether they stay as they are, without gradients.</param>
    /// <param name="factors">What the passes compute with; the weights themselves and what moves them are float32.</param>
    public WeightBlock(IEnumerable<ParameterSlice> slices, Device device, bool isFrozen = false, ScalarType factors = ScalarType.Float32)
    {
        long length = 0;
        foreach (ParameterSlice slice in slices)
        {
            _places.Add((slice, length));
            length += slice.Length;
        }
        IsFrozen = isFrozen;
        Values = zeros(length, dtype: float32, device: device).DetachFromDisposeScope();
        Gradient = zeros(isFrozen ? 0 : length, dtype: float32, device: device).DetachFromDisposeScope();
        if (factors == float32)
            return;
        _rounded = zeros(length, dtype: factors, device: device).DetachFromDisposeScope();
        _roundedGradient = zeros(isFrozen ? 0 : length, dtype: factors, device: device).DetachFromDisposeScope();
    }

    /// <summary>All weights, [n].</summary>
    public Tensor Values { get; }

    /// <summary>Their gradient, [n]; of frozen ones, [0].</summary>
    public Tensor Gradient { get; }

    public bool IsFrozen { get; }

    /// <summary>A view of a parameter that the backward pass stops at.</summary>
    public Tensor Leaf(string name)
    {
        using Tensor view = View(_rounded ?? Values, name);
        Tensor leaf = view.detach().DetachFromDisposeScope();
        Keep(leaf, name);
        return leaf;
    }

    /// <summary>Puts a module's own parameter into the block: from then on it is a view.</summary>
    public void Adopt(Tensor parameter, string name)
    {
        using (no_grad())
        {
            using Tensor view = View(_rounded ?? Values, name);
            parameter.set_(view);
        }
        Keep(parameter.DetachFromDisposeScope(), name);
    }

    /// <summary>Rounds the weights for a pass, where it computes with rounded ones.</summary>
    public void Round()
    {
        using (no_grad())
            _rounded?.copy_(Values);
    }

    public void ClearGradient() => (_roundedGradient ?? Gradient).zero_();

    /// <summary>Takes the gradient of rounded weights as that of the weights.</summary>
    public void GatherGradient()
    {
        if (_roundedGradient is not null)
            Gradient.copy_(_roundedGradient);
    }

    /// <summary>Copies one tensor of the block's layout into a host block of the engine's layout.</summary>
    public void CopyTo(Tensor from, Span<float> block)
    {
        using Tensor host = from.cpu();
        foreach ((ParameterSlice slice, long offset) in _places)
            for (int done = 0; done < slice.Length; done += MostPerCopy)
            {
                int count = Math.Min(MostPerCopy, slice.Length - done);
                using Tensor piece = host.narrow(0, offset + done, count);
                MemoryMarshal.Cast<byte, float>(piece.bytes).CopyTo(block.Slice(slice.Offset + done, count));
            }
    }

    /// <summary>The other way round.</summary>
    public void CopyFrom(ReadOnlySpan<float> block, Tensor to)
    {
        using Tensor host = empty(to.shape, dtype: float32);
        foreach ((ParameterSlice slice, long offset) in _places)
            for (int done = 0; done < slice.Length; done += MostPerCopy)
            {
                int count = Math.Min(MostPerCopy, slice.Length - done);
                using Tensor piece = host.narrow(0, offset + done, count);
                block.Slice(slice.Offset + done, count).CopyTo(MemoryMarshal.Cast<byte, float>(piece.bytes));
            }
        using (no_grad())
            to.copy_(host);
    }

    public void Dispose()
    {
        foreach (Tensor view in _views)
            view.Dispose();
        _rounded?.Dispose();
        _roundedGradient?.Dispose();
        Values.Dispose();
        Gradient.Dispose();
    }

    private void Keep(Tensor parameter, string name)
    {
        _views.Add(parameter);
        parameter.requires_grad = !IsFrozen;
        if (IsFrozen)
            return;
        using Tensor gradient = View(_roundedGradient ?? Gradient, name);
        parameter.grad = gradient;
    }

    private Tensor View(Tensor of, string name)
    {
        (ParameterSlice slice, long offset) = _places.Find(place => place.Slice.Name == name);
        long[] shape = [.. slice.Shape.Select(size => (long)size)];
        return of.as_strided(shape, shape.Length == 2 ? [shape[1], 1] : [1], offset);
    }
}
