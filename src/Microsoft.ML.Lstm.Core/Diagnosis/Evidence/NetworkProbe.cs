using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// Looks at a network between two epochs without moving it. The managed engine shows its layers too; of another only the answers are seen.
/// A stateful engine's carried state is reset, as the next epoch would do.
/// </summary>
internal sealed class NetworkProbe(ISequenceEngine engine, LossSpec loss, ProbeSample sample)
{
    private float[] _outputs = [];

    /// <summary>The network as it is.</summary>
    public ProbeEvidence Look()
    {
        sample.Fill();
        SequenceBatch batch = sample.Batch;
        int size = engine.Spec.OutputSize, count = batch.TargetRows * size;
        if (_outputs.Length < count)
            _outputs = new float[count];
        double cost = Pass(batch);
        return new ProbeEvidence
        {
            Loss = cost,
            Baseline = NoInformationLoss.Of(loss, LabelSample.Of(batch), size),
            Answers = AnswerEvidence.Of(loss, batch, _outputs, size),
            Layers = Layers(batch),
            StepCount = batch.StepCount,
        };
    }

    /// <summary>Its loss on the same examples with the steps in random order.</summary>
    public double ShuffledLoss()
    {
        sample.FillShuffled();
        engine.ResetState();
        double cost = engine.Evaluate(sample.Batch).Mean;
        engine.ResetState();
        return cost;
    }

    private double Pass(SequenceBatch batch)
    {
        if (engine is ManagedEngine managed)
            return managed.Probe(batch, _outputs).Mean;
        engine.ResetState();
        engine.Predict(batch, _outputs);
        engine.ResetState();
        double cost = engine.Evaluate(batch).Mean;
        engine.ResetState();
        return cost;
    }

    private List<LayerEvidence> Layers(SequenceBatch batch)
    {
        var layers = new List<LayerEvidence>();
        if (engine is not ManagedEngine managed)
            return layers;
        NetworkSpec spec = engine.Spec;
        for (int layer = 0; layer < spec.HiddenSizes.Count; layer++)
            for (int direction = 0; direction < spec.Directions; direction++)
                layers.Add(LayerReading.Of(managed.Trace(layer, direction), batch, layer, direction));
        return layers;
    }
}
