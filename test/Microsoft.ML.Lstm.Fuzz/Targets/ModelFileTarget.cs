using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>A model as Core reads it, without ML.NET.</summary>
internal sealed class ModelFileTarget(byte[] valid, params IMutation[] mutations) : IFuzzTarget
{
    public string Name => "model.safetensors";

    public byte[] Valid { get; } = valid;

    public IReadOnlyList<IMutation> Mutations { get; } = mutations;

    public void Run(byte[] file)
    {
        ModelFile model = ModelFile.Read(new MemoryStream(file));
        _ = new NetworkScorer(model.Spec, model.Weights.Span);
    }

    public bool IsRefusal(Exception error) => error is InvalidDataException;
}
