using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Persistence;

/// <summary>
/// Which tensor of a file holds which parameter of a network: a module of PyTorch is known by the endings of its tensors' names and by
/// their shapes, and what it is called comes before them. A file of our own is the case of <c>rnn.</c>, <c>output.</c> and
/// <c>embedding.</c>.
/// </summary>
internal sealed class WeightMapping
{
    private const string FirstWeight = "weight_ih_l0", Projection = "weight_hr_l0";
    private readonly SafetensorsReader _file;
    private readonly NetworkSpec _spec;
    private readonly ParameterLayout _layout;
    private readonly string[] _recurrent;
    private readonly string? _output, _embedding;
    private readonly HashSet<string> _needed;

    /// <summary>Finds the modules of a network; reads no values.</summary>
    /// <exception cref="InvalidDataException">One is missing, or there are several; says which, and which option says the right
    /// one.</exception>
    public WeightMapping(SafetensorsReader file, ParameterLayout layout, NetworkSpec spec, WeightNames names)
    {
        (_file, _spec, _layout) = (file, spec, layout);
        _recurrent = names.Recurrent is { Count: > 0 } given ? [.. given.Select(Dotted)] : [FindRecurrent()];
        if (_recurrent.Length != 1 && _recurrent.Length != spec.HiddenSizes.Count)
            throw new InvalidDataException(Invariant($"{nameof(WeightNames)}.{nameof(names.Recurrent)} has {_recurrent.Length} names; expected 1, or {spec.HiddenSizes.Count}, one for each layer."));
        _embedding = !layout.Contains("embedding.weight") ? null
            : names.Embedding is { } embedding ? Dotted(embedding)
                : FindMatrix("embedding.weight", "an Embedding", nameof(names.Embedding), null);
        _output = names.Output is { } output ? Dotted(output) : FindMatrix("output.weight", "a Linear", nameof(names.Output), _embedding);
        foreach (ParameterSlice slice in layout.Slices)
            Check(slice);
        _needed = [.. layout.Slices.Select(slice => NameOf(slice.Name)).OfType<string>()];
    }

    /// <summary>Whether a tensor holds a parameter.</summary>
    public bool IsNeeded(string tensor) => _needed.Contains(tensor);

    /// <summary>The parameters, once the file's values are read.</summary>
    /// <exception cref="InvalidDataException">One is NaN or infinite, or of no floating type.</exception>
    public float[] Read()
    {
        float[] weights = new float[_layout.BlockLength];
        foreach (ParameterSlice slice in _layout.Slices)
        {
            if (NameOf(slice.Name) is not { } name)
                continue;
            float[] values = _file.Floats(name);
            foreach (float value in values)
                if (!float.IsFinite(value))
                    throw new InvalidDataException(Invariant($"Tensor '{Excerpt.Of(name)}' has {value}; expected finite values."));
            values.CopyTo(weights, slice.Offset);
        }
        return weights;
    }

    /// <summary>The tensor of a parameter; null for a bias of a module without any, which is zero.</summary>
    private string? NameOf(string parameter)
    {
        if (parameter.StartsWith("embedding.", StringComparison.Ordinal))
            return _embedding + "weight";
        if (parameter.StartsWith("output.", StringComparison.Ordinal))
            return OrNone(_output + parameter["output.".Length..], isBias: parameter == "output.bias");
        string ending = parameter["rnn.".Length..];
        if (_recurrent.Length == 1)
            return OrNone(_recurrent[0] + ending, IsBias(ending));
        int place = ending.LastIndexOf("_l", StringComparison.Ordinal), after = ending.IndexOf('_', place + 1);
        string layer = ending[(place + 2)..(after < 0 ? ending.Length : after)];
        return OrNone(Invariant($"{_recurrent[int.Parse(layer, System.Globalization.CultureInfo.InvariantCulture)]}{ending[..place]}_l0{(after < 0 ? "" : ending[after..])}"), IsBias(ending));
    }

    private static bool IsBias(string ending) => ending.StartsWith("bias_", StringComparison.Ordinal);

    // A module that was made with bias=False has none at all; where only some are there, one is missing.
    private string? OrNone(string name, bool isBias)
    {
        if (!isBias || _file.Contains(name))
            return name;
        string module = name[..(name.LastIndexOf("bias", StringComparison.Ordinal) + "bias".Length)];
        return _file.Tensors.Any(tensor => tensor.Name.StartsWith(module, StringComparison.Ordinal)) ? name : null;
    }

    private void Check(ParameterSlice slice)
    {
        if (NameOf(slice.Name) is not { } name)
            return;
        if (!_file.Contains(name))
            throw new InvalidDataException(Invariant($"It has no tensor '{Excerpt.Of(name)}' of shape {Excerpt.Of(slice.Shape)}; expected it as the network's {slice.Name}. It has {Names()}."));
        if (!_file.Shape(name).SequenceEqual(slice.Shape))
            throw new InvalidDataException(Invariant($"Tensor '{Excerpt.Of(name)}' has shape {Excerpt.Of(_file.Shape(name))}; expected {Excerpt.Of(slice.Shape)}, that of the network's {slice.Name}."));
        SafetensorsType type = _file.Tensors.First(tensor => tensor.Name == name).Type;
        if (type is not (SafetensorsType.F32 or SafetensorsType.F64 or SafetensorsType.F16 or SafetensorsType.BF16))
            throw new InvalidDataException(Invariant($"Tensor '{Excerpt.Of(name)}' is of type {type}; expected F32, F64, F16 or BF16."));
    }

    private string FindRecurrent()
    {
        string[] found = [.. _file.Tensors.Where(tensor => IsNamed(tensor.Name, FirstWeight)).Select(tensor =>
            tensor.Name[..^FirstWeight.Length])];
        if (found.Length != 1)
            throw new InvalidDataException(found.Length == 0
                ? Invariant($"It has no tensor '…{FirstWeight}', by which an LSTM, GRU or RNN is known; expected one. It has {Names()}.")
                : Invariant($"It has several LSTMs, GRUs or RNNs: {Excerpt.Of(found.Select(Undotted))}; expected one, or {nameof(WeightNames)}.{nameof(WeightNames.Recurrent)} to say which."));
        return !_file.Contains(found[0] + Projection) ? found[0] : throw new InvalidDataException(
            Invariant($"It has a tensor '{Excerpt.Of(found[0] + Projection)}', the projection of an LSTM; expected none, made without proj_size."));
    }

    /// <summary>The one matrix of a shape that is no module's of the recurrent layers.</summary>
    private string? FindMatrix(string parameter, string module, string option, string? taken)
    {
        if (!_layout.Contains(parameter))
            return FindTiedBias();
        IReadOnlyList<int> shape = _layout[parameter].Shape;
        string[] found = [.. _file.Tensors.Where(tensor => IsNamed(tensor.Name, "weight")
            && tensor.Shape.SequenceEqual(shape)).Select(tensor => tensor.Name[..^"weight".Length]).Where(name => name != taken)];
        // Our own name, where there are several: an embedding and an output of one shape.
        if (found.Length > 1 && found.Contains(parameter[..^"weight".Length]))
            return parameter[..^"weight".Length];
        if (found.Length == 1)
            return found[0];
        throw new InvalidDataException(found.Length == 0
            ? Invariant($"It has no tensor '….weight' of shape {Excerpt.Of(shape)}, by which {module} is known; expected one as the network's {parameter}. It has {Names()}.")
            : Invariant($"It has several tensors '….weight' of shape {Excerpt.Of(shape)}: {Excerpt.Of(found.Select(Undotted))}; expected one, or {nameof(WeightNames)}.{option} to say which is the network's {parameter}."));
    }

    // With tied embeddings the output has a bias alone; the weight beside it, if there is one, is the embedding's again.
    private string? FindTiedBias()
    {
        string[] found = [.. _file.Tensors.Where(tensor => IsNamed(tensor.Name, "bias")
            && tensor.Shape.SequenceEqual([_spec.OutputSize])).Select(tensor => tensor.Name[..^"bias".Length])];
        return found.Length == 1 ? found[0] : "output.";
    }

    private static bool IsNamed(string name, string ending) => name == ending || name.EndsWith("." + ending, StringComparison.Ordinal);

    private static string Dotted(string name) => name.Length == 0 || name.EndsWith('.') ? name : name + ".";

    private static string Undotted(string name) => Invariant($"'{name.TrimEnd('.')}'");

    private string Names() =>
        Excerpt.Of(_file.Tensors.Select(tensor => Invariant($"{Excerpt.Of(tensor.Name)} {Excerpt.Of(tensor.Shape)}")));
}
