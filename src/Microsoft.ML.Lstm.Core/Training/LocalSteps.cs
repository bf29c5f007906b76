using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Training;

/// <summary>The steps of a training in one process, with whatever reduction its caller has.</summary>
internal sealed class LocalSteps(ITrainingEngine engine, IGradientReduction? reduction) : ITrainingSteps
{
    private readonly SequenceBatch _batch = new();
    private float[] _gradient = [];

    public int Train(BatchOrder order, int batch, float learningRate, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        order.Fill(_batch, batch);
        if (reduction is null)
            engine.TrainStep(_batch, learningRate, cancellationToken);
        else
            TrainReduced(reduction, learningRate, cancellationToken);
        return _batch.SequenceCount;
    }

    public IReadOnlyDictionary<string, float[]> ExportState() => engine.ExportState();

    public LossSum Evaluate(BatchOrder order, CancellationToken cancellationToken)
    {
        var total = new LossSum();
        for (int i = 0; i < order.BatchCount; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            order.Fill(_batch, i);
            total += engine.Evaluate(_batch, cancellationToken);
        }
        return total;
    }

    private void TrainReduced(IGradientReduction byCaller, float learningRate, CancellationToken cancellationToken)
    {
        if (_gradient.Length == 0)
            _gradient = new float[engine.Parameters.BlockLength];
        LossSum loss = engine.ComputeGradient(_batch, _gradient, shard: 0, cancellationToken);
        loss = byCaller.Reduce(_gradient, loss);
        engine.ApplyGradient(_gradient, loss, learningRate);
    }
}
