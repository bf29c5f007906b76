using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>Scores of ONNX Runtime on our own export.</summary>
internal sealed class OnnxScoring : ISide
{
    private readonly InferenceSession _session;
    private readonly SessionOptions _options;
    private readonly RunOptions _run = new();
    private readonly OrtValue _features, _scores;
    private readonly float[] _outputs;

    public OnnxScoring(Workload workload, SequenceBatch batch, RecurrentModel model)
    {
        using var stream = new MemoryStream();
        model.SaveOnnx(stream);
        _options = new SessionOptions { IntraOpNumThreads = workload.Options.Threads ?? 0, InterOpNumThreads = 1 };
        _session = new InferenceSession(stream.ToArray(), _options);
        _outputs = new float[workload.Batch * workload.Spec.OutputSize];
        _features = OrtValue.CreateTensorValueFromMemory(BatchMajor(batch), [workload.Batch, workload.Steps, workload.Spec.InputSize]);
        _scores = OrtValue.CreateTensorValueFromMemory(_outputs, [workload.Batch, workload.Spec.OutputSize]);
    }

    public string Name => "ONNX Runtime";

    public void Run() => _session.Run(_run, ["features"], [_features], ["score"], [_scores]);

    public float[] Outputs()
    {
        Run();
        return _outputs;
    }

    public void Dispose()
    {
        _features.Dispose();
        _scores.Dispose();
        _run.Dispose();
        _session.Dispose();
        _options.Dispose();
    }

    private static float[] BatchMajor(SequenceBatch batch)
    {
        int size = batch.FeatureSize;
        float[] features = new float[batch.Features.Length];
        for (int p = 0; p < batch.SequenceCount; p++)
            for (int t = 0; t < batch.StepCount; t++)
                batch.Features.Slice(batch.Row(p, t) * size, size).CopyTo(features.AsSpan(((p * batch.StepCount) + t) * size));
        return features;
    }
}
