using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Lstm.Onnx.Tests;

/// <summary>A graph in ONNX Runtime, on one thread.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxSession(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(stream.ToArray(), options);
    }

    public IEnumerable<string> Inputs => _session.InputMetadata.Keys;

    public IEnumerable<string> Outputs => _session.OutputMetadata.Keys;

    public int[] ShapeOf(string input) => _session.InputMetadata[input].Dimensions;

    public IReadOnlyDictionary<string, string> Metadata => _session.ModelMetadata.CustomMetadataMap;

    /// <summary>An input; a shape's product is the number of values.</summary>
    public static NamedOnnxValue Input<T>(string name, T[] values, params int[] shape) =>
        NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, shape));

    /// <summary>The outputs by name, flat.</summary>
    public Dictionary<string, Array> Run(params NamedOnnxValue[] inputs)
    {
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> found = _session.Run(inputs);
        return found.ToDictionary(value => value.Name, value => value.ElementType switch
        {
            TensorElementType.Float => (Array)value.AsTensor<float>().ToArray(),
            TensorElementType.Int64 => value.AsTensor<long>().ToArray(),
            TensorElementType.UInt32 => value.AsTensor<uint>().ToArray(),
            TensorElementType.Bool => value.AsTensor<bool>().ToArray(),
            _ => value.AsTensor<string>().ToArray(),
        });
    }

    public void Dispose() => _session.Dispose();
}
