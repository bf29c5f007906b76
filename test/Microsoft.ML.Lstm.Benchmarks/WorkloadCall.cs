using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>One workload, set up; <see cref="Run"/> is what is timed.</summary>
internal sealed class WorkloadCall : IDisposable
{
    private const float LearningRate = 1e-3f;
    private readonly ManagedEngine _engine;
    private readonly StepResult[] _results = new StepResult[1];
    private readonly Action _call;

    public WorkloadCall(Workload workload)
    {
        _engine = new ManagedEngine(workload.Spec, workload.Options);
        _call = workload.Kind switch
        {
            WorkloadKind.PipelineScoreOne or WorkloadKind.Table => OfPipeline(new ScoringPipeline(workload)),
            _ => OfNetwork(workload),
        };
    }

    public void Run() => _call();

    public void Dispose() => _engine.Dispose();

    private static Action OfPipeline(ScoringPipeline pipeline)
    {
        Func<float[]> score = pipeline.Workload.Kind == WorkloadKind.Table
            ? pipeline.ScoreTable(pipeline.Model, pipeline.Workload.Batch)
            : pipeline.PredictOne(pipeline.Model);
        return () => score();
    }

    private Action OfNetwork(Workload workload)
    {
        SequenceBatch batch = workload.CreateBatch();
        float[] outputs = new float[batch.RowCount * workload.Spec.OutputSize];
        return workload.Kind switch
        {
            WorkloadKind.Train => () => Train(batch),
            WorkloadKind.ScoreBatch => () => _engine.Predict(batch, outputs),
            WorkloadKind.ScoreOne => ScoreOne(batch, outputs, workload.Precision),
            _ => StepOne(outputs, workload.Precision),
        };
    }

    private void Train(SequenceBatch batch)
    {
        _engine.TrainStep(batch, LearningRate);
        _engine.ReadSteps(_results);
    }

    private NetworkScorer CreateScorer(WeightPrecision precision)
    {
        float[] weights = new float[_engine.Parameters.BlockLength];
        _engine.ExportWeights(weights);
        return new NetworkScorer(_engine.Spec, weights, precision);
    }

    private Action ScoreOne(SequenceBatch batch, float[] outputs, WeightPrecision precision)
    {
        ScoringSession session = CreateScorer(precision).CreateSession();
        return () => session.Score(batch, outputs);
    }

    private Action StepOne(float[] outputs, WeightPrecision precision)
    {
        ScoringSession session = CreateScorer(precision).CreateSession();
        float[] observation = [0.37f];
        return () => session.Step(observation, token: 0, outputs);
    }
}
