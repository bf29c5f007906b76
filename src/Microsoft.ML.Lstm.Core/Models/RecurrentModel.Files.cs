using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm;

public sealed partial class RecurrentModel
{
    /// <summary>Opens a model: a .zip that ML.NET saved with one such model in it, or a .safetensors of <see cref="Save(string)"/>. Nothing in it is executed.</summary>
    /// <param name="path">Where it is.</param>
    /// <exception cref="InvalidDataException">It is no such file, broken, or contradicts itself; names the file and says what is wrong.</exception>
    /// <exception cref="ArgumentException">It holds several models; says which there are.</exception>
    /// <example>
    /// <code>
    /// RecurrentModel model = RecurrentModel.Load("model.zip");
    /// Console.WriteLine(model.Describe());
    /// </code>
    /// </example>
    public static RecurrentModel Load(string path) => Load(path, null);

    /// <summary>Opens one of several models in a .zip that ML.NET saved.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="name">
    /// Which of several models in one .zip: the name of its entry or of a folder of it, such as <c>"Transform_001"</c>. Null: the only one.
    /// </param>
    /// <exception cref="InvalidDataException">It is no such file, broken, or contradicts itself; names the file and says what is wrong.</exception>
    /// <exception cref="ArgumentException">It holds none of that name, or several; says which there are.</exception>
    public static RecurrentModel Load(string path, string? name)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return FileFormat.Load(path, "model", stream => Load(stream, name));
    }

    /// <summary>Opens a model from a stream; see <see cref="Load(string)"/>.</summary>
    /// <param name="stream">Where from; it stays open.</param>
    /// <exception cref="InvalidDataException">It is no such file, broken, or contradicts itself; says what is wrong.</exception>
    /// <exception cref="ArgumentException">It holds several models; says which there are.</exception>
    public static RecurrentModel Load(Stream stream) => Load(stream, null);

    /// <summary>Opens one of several models from a stream; see <see cref="Load(string, string?)"/>.</summary>
    /// <param name="stream">Where from; it stays open.</param>
    /// <param name="name">Which: the name of its entry or of a folder of it. Null: the only one.</param>
    /// <exception cref="InvalidDataException">It is no such file, broken, or contradicts itself; says what is wrong.</exception>
    /// <exception cref="ArgumentException">It holds none of that name, or several; says which there are.</exception>
    public static RecurrentModel Load(Stream stream, string? name)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelArchive.Read(stream, name, "Network.safetensors", ReadEntry);
    }

    /// <summary>Reads the entry of a .zip, which is a .safetensors.</summary>
    internal static RecurrentModel ReadEntry(Stream content) => ModelMetadata.Read(ModelFile.Read(content));

    /// <summary>Saves the model as one .safetensors file, which is there whole or not at all.</summary>
    /// <param name="path">Where to.</param>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, Save);
    }

    /// <summary>Saves the model to a stream, as one .safetensors file.</summary>
    /// <param name="stream">Where to; it need not seek, and stays open.</param>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Dictionary<string, string> metadata = ModelMetadata.Write(Input, Head, History, Diagnosis);
        SavedPrecision.Write(metadata, Precision);
        new ModelFile
        {
            Spec = Spec,
            Loss = Loss,
            Weights = _network.ExportWeights(),
            FeatureScaling = FeatureScaling,
            TargetScaling = TargetScaling,
            Window = Window,
            Metadata = metadata,
        }.Write(stream);
    }
}
