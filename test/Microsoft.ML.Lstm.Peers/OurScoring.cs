using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>Our scores: of a batch on all workers, or of one sequence on the calling thread.</summary>
internal sealed class OurScoring : ISide
{
    private readonly SequenceBatch _batch;
    private readonly float[] _scores;
    private readonly ManagedEngine? _engine;
    private readonly ScoringSession? _session;

    public OurScoring(Workload workload, SequenceBatch batch, float[] weights)
    {
        (_batch, _scores) = (batch, new float[batch.SequenceCount * workload.Spec.OutputSize]);
        if (workload.Kind == WorkloadKind.ScoreOne)
        {
            _session = new NetworkScorer(workload.Spec, weights, workload.Precision).CreateSession();
            return;
        }
        _engine = new ManagedEngine(workload.Spec, workload.Options);
        _engine.ImportWeights(weights);
    }

    public string Name => "Microsoft.ML.Lstm";

    public void Run()
    {
        if (_engine is null)
            _session!.Score(_batch, _scores);
        else
            _engine.Predict(_batch, _scores);
    }

    public float[] Outputs()
    {
        Run();
        return _scores;
    }

    public void Dispose() => _engine?.Dispose();
}
