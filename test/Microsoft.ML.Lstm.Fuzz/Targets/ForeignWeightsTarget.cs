using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>A state dict of PyTorch, as a model of a known architecture and into one.</summary>
internal sealed class ForeignWeightsTarget : IFuzzTarget
{
    private readonly NetworkSpec _spec;
    private readonly RecurrentModel _model;
    private readonly string _path;

    /// <param name="folder">For the file.</param>
    /// <param name="model">A model whose weights are saved.</param>
    /// <param name="mutations">What may be done to them.</param>
    public ForeignWeightsTarget(string folder, RecurrentModel model, params IMutation[] mutations)
    {
        (_model, _path, Mutations) = (model, Path.Combine(folder, "weights"), mutations);
        _spec = model.Spec;
        var stream = new MemoryStream();
        model.SaveWeights(stream);
        Valid = stream.ToArray();
    }

    public string Name => "foreign weights";

    public byte[] Valid { get; }

    public IReadOnlyList<IMutation> Mutations { get; }

    public byte[] Pack(byte[] content)
    {
        File.WriteAllBytes(_path, content);
        return content;
    }

    public void Run(byte[] file)
    {
        float[] features = new float[4 * _spec.InputSize];
        RecurrentModel.FromWeights(_path, _spec).Predict(features);
        _model.LoadWeights(new MemoryStream(file)).Predict(features);
    }

    public bool IsRefusal(Exception error) => error is InvalidDataException;
}
