using Microsoft.ML.Lstm.Benchmarks;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>The rows of a table without the table: batches that lie in memory already, as the engine alone scores them. What <c>Transform</c> costs on top is its own.</summary>
internal sealed class BatchScoring : ISide
{
    private const int Rows = 256;
    private readonly ManagedEngine _engine;
    private readonly SequenceBatch _batch = new();
    private readonly float[] _scores;
    private readonly int _calls, _outputs;

    public BatchScoring(ScoringPipeline pipeline)
    {
        Workload workload = pipeline.Workload;
        (int steps, int inputs) = (workload.Steps, workload.Spec.InputSize);
        _engine = new ManagedEngine(workload.Spec, workload.Options);
        _engine.ImportWeights(pipeline.Model.Model.Network.ExportWeights());
        _batch.Reset([.. Enumerable.Repeat(steps, Rows)], inputs, hasTokens: false, targetSize: 0);
        for (int row = 0; row < Rows; row++)
            for (int step = 0; step < steps; step++)
                pipeline.Features(row).Slice(step * inputs, inputs).CopyTo(_batch.Features[(((step * Rows) + row) * inputs)..]);
        (_scores, _calls) = (new float[Rows * workload.Spec.OutputSize], (workload.Batch + Rows - 1) / Rows);
        _outputs = Math.Min(workload.Batch, ScoringPipeline.Examples) * workload.Spec.OutputSize;
    }

    public string Name => $"batches of {Rows}";

    public void Run()
    {
        for (int call = 0; call < _calls; call++)
            _engine.Predict(_batch, _scores);
    }

    public float[] Outputs()
    {
        _engine.Predict(_batch, _scores);
        return _scores[.._outputs];
    }

    public void Dispose() => _engine.Dispose();
}
