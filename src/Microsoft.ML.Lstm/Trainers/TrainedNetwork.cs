using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>
/// A trained network with what ML.NET needs to know of it: the columns of sequences and how the training went. Saved as one safetensors file, which
/// Core and Python read without ML.NET. Immutable and thread-safe.
/// </summary>
internal sealed class TrainedNetwork
{
    private const string InputKey = "input", HistoryKey = "history", DiagnosisKey = "diagnosis";
    private static readonly JsonSerializerOptions Json = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    private readonly ModelFile _file;

    public TrainedNetwork(ModelFile file, SequenceInput input, TrainingHistory history, NetworkDiagnosis diagnosis)
    {
        (_file, Input, History, Diagnosis) = (file, input, history, diagnosis);
        Scorer = new NetworkScorer(file.Spec, file.Weights.Span);
    }

    /// <summary>What the columns of sequences are.</summary>
    public SequenceInput Input { get; }

    /// <summary>How the training went.</summary>
    public TrainingHistory History { get; }

    /// <summary>What the doctor found.</summary>
    public NetworkDiagnosis Diagnosis { get; }

    /// <summary>The weights, ready to score.</summary>
    public NetworkScorer Scorer { get; }

    /// <summary>Architecture, loss, weights and scaling.</summary>
    public ModelFile File => _file;

    /// <summary>Writes the network.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="key">Key of what the transformer adds.</param>
    /// <param name="extra">What the transformer adds.</param>
    public void Save<T>(Stream stream, string key, T extra) => Save(stream, new Dictionary<string, string> { [key] = JsonSerializer.Serialize(extra, Json) });

    /// <summary>Writes the network, when the transformer adds nothing.</summary>
    public void Save(Stream stream) => Save(stream, []);

    private void Save(Stream stream, Dictionary<string, string> extra) => new ModelFile
    {
        Spec = _file.Spec,
        Loss = _file.Loss,
        Weights = _file.Weights,
        FeatureScaling = _file.FeatureScaling,
        TargetScaling = _file.TargetScaling,
        Metadata = new Dictionary<string, string>(extra)
        {
            [InputKey] = JsonSerializer.Serialize(Input, Json),
            [HistoryKey] = JsonSerializer.Serialize(History, Json),
            [DiagnosisKey] = Diagnosis.ToJson(),
        },
    }.Write(stream);

    /// <summary>Reads a network.</summary>
    /// <exception cref="InvalidDataException">It is no network, broken, cut off or of a newer version.</exception>
    public static TrainedNetwork Load<T>(Stream stream, string key, out T extra)
    {
        ModelFile file = ModelFile.Read(stream);
        extra = Entry<T>(file, key);
        return Of(file);
    }

    /// <summary>Reads a network to which the transformer added nothing.</summary>
    /// <exception cref="InvalidDataException">It is no network, broken, cut off or of a newer version.</exception>
    public static TrainedNetwork Load(Stream stream) => Of(ModelFile.Read(stream));

    private static TrainedNetwork Of(ModelFile file) => new(
        file, Entry<SequenceInput>(file, InputKey), Entry<TrainingHistory>(file, HistoryKey), NetworkDiagnosis.FromJson(Text(file, DiagnosisKey)));

    private static T Entry<T>(ModelFile file, string key) => JsonSerializer.Deserialize<T>(Text(file, key), Json)
        ?? throw new InvalidDataException(Invariant($"The network's metadata has null as '{key}'; expected a value."));

    private static string Text(ModelFile file, string key) => file.Metadata.TryGetValue(key, out string? text)
        ? text
        : throw new InvalidDataException(Invariant($"The network's metadata has no '{key}'; it has {string.Join(", ", file.Metadata.Keys)}."));
}
