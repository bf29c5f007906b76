using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// Looks at a network between two epochs without moving it. An engine that is an <see cref="ILayerProbe"/> shows its layers too; of another only
/// the predictions are seen. A stateful engine's carried state is reset, as the next epoch would do.
/// </summary>
internal sealed class NetworkProbe(ITrainingEngine engine, ProbeSample sample)
{
    private readonly LossSpec _loss = engine.Options.Loss;
    private float[] _outputs = [];

    /// <summary>The network as it is.</summary>
    public ProbeEvidence Look()
    {
        sample.Fill();
        SequenceBatch batch = sample.Batch;
        int size = engine.Spec.OutputSize, count = batch.TargetRows * size;
        if (_outputs.Length < count)
            _outputs = new float[count];
        IReadOnlyList<LayerObservation> layers = Pass(batch, out LossSum loss);
        return new ProbeEvidence
        {
            Loss = loss.Mean,
            Baseline = NoInformationLoss.Of(_loss, LabelSample.Of(batch, _loss, engine.Spec.Output), size),
            Predictions = PredictionEvidence.Of(_loss, batch, _outputs, size),
            Layers = layers,
            StepCount = batch.StepCount,
        };
    }

    /// <summary>Its loss on the same examples with the steps in random order.</summary>
    public double ShuffledLoss()
    {
        sample.FillShuffled();
        engine.ResetState();
        double loss = engine.Evaluate(sample.Batch).Mean;
        engine.ResetState();
        return loss;
    }

    private IReadOnlyList<LayerObservation> Pass(SequenceBatch batch, out LossSum loss)
    {
        if (engine is ILayerProbe probe)
            return probe.Probe(batch, _outputs, out loss);
        engine.ResetState();
        engine.Predict(batch, _outputs);
        engine.ResetState();
        loss = engine.Evaluate(batch);
        engine.ResetState();
        return [];
    }
}
