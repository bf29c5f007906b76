using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Transforms.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>A workload with all that compute it, from the same weights: ours first, which on a GPU is the Torch engine, as the managed one has none.</summary>
internal sealed class Contest : IDisposable
{
    private readonly ContestOptions _options;
    private string? _folder;

    public Contest(Workload workload, ContestOptions options)
    {
        (Workload, _options) = (workload, options);
        set_num_threads(options.Threads);
        Sides = workload.Kind switch
        {
            WorkloadKind.Train => [.. Training()],
            WorkloadKind.PipelineScoreOne or WorkloadKind.Table => [.. Pipelines(new ScoringPipeline(workload))],
            _ => [.. Scoring()],
        };
    }

    public Workload Workload { get; }

    public IReadOnlyList<ISide> Sides { get; }

    public void Dispose()
    {
        foreach (ISide side in Sides)
            side.Dispose();
        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<ISide> Training()
    {
        SequenceBatch batch = Workload.CreateBatch();
        var request = new EngineRequest(Workload.Spec, Workload.Options) { GpuDeviceId = _options.Gpu, FallbackToCpu = false };
        bool onGpu = _options.Gpu is not null;
        ITrainingEngine first = onGpu ? Engine(request) : TrainingEngine.Managed.Create(request);
        float[] weights = new float[first.Parameters.BlockLength];
        first.ExportWeights(weights);
        yield return new EngineTraining(onGpu ? "Torch engine" : "Microsoft.ML.Lstm", first, batch);
        Device device = _options.Gpu is { } id ? new Device(DeviceType.CUDA, id) : CPU;
        yield return new TorchTraining(Workload, batch, Torch(batch, weights, device), device);
        if (onGpu || !_options.WithEngine)
            yield break;
        ITrainingEngine engine = Engine(request);
        engine.ImportWeights(weights);
        yield return new EngineTraining("Torch engine", engine, batch);
    }

    private ITrainingEngine Engine(EngineRequest request) => new TorchTrainingEngine { Precision = _options.Precision }.Create(request);

    private IEnumerable<ISide> Scoring()
    {
        SequenceBatch batch = Workload.CreateBatch();
        // The peers get the rounded weights, so that all compute the same.
        RecurrentModel model = new ScoringPipeline(Workload).Model.Model.WithPrecision(Workload.Precision);
        float[] weights = model.Network.ExportWeights();
        yield return new OurScoring(Workload, batch, weights);
        yield return new OnnxScoring(Workload, batch, model);
        yield return new TorchScoring(Torch(batch, weights, CPU));
    }

    private IEnumerable<ISide> Pipelines(ScoringPipeline pipeline)
    {
        ITransformer onnx = Onnx(pipeline);
        if (Workload.Kind == WorkloadKind.PipelineScoreOne)
        {
            yield return new PipelineScoring("Microsoft.ML.Lstm", pipeline.PredictOne(pipeline.Model));
            yield return new PipelineScoring("OnnxTransformer", pipeline.PredictOne(onnx, "score"));
            yield break;
        }
        yield return new PipelineScoring("Microsoft.ML.Lstm", pipeline.ScoreTable(pipeline.Model, Workload.Batch));
        yield return new BatchScoring(pipeline);
        LstmRegressionTransformer single = new ScoringPipeline(Workload).Model;
        single.RowsPerBlock = 1;
        yield return new PipelineScoring("RowsPerBlock = 1", pipeline.ScoreTable(single, Workload.Batch));
        yield return new PipelineScoring("OnnxTransformer", pipeline.ScoreTable(onnx, Workload.Batch, "score"));
    }

    private OnnxTransformer Onnx(ScoringPipeline pipeline)
    {
        _folder = Directory.CreateTempSubdirectory("peers-").FullName;
        string path = Path.Combine(_folder, "model.onnx");
        pipeline.Model.Model.SaveOnnx(path);
        return pipeline.Context.Transforms.ApplyOnnxModel(new Transforms.Onnx.OnnxOptions
        {
            ModelFile = path,
            InputColumns = [ScoringPipeline.FeatureColumn],
            OutputColumns = ["score"],
            ShapeDictionary = new Dictionary<string, int[]> { [ScoringPipeline.FeatureColumn] = [1, Workload.Steps, Workload.Spec.InputSize] },
            IntraOpNumThreads = _options.Threads,
            InterOpNumThreads = 1,
        }).Fit(pipeline.Table(1));
    }

    private ITorchNetwork Torch(SequenceBatch batch, float[] weights, Device device)
    {
        ITorchNetwork network = Workload.Spec.Forecast is null ? new TorchNetwork(Workload, batch, device) : new TorchForecaster(Workload, batch, device);
        TorchWeights.Load(network, new ParameterLayout(Workload.Spec), weights);
        return network;
    }
}
