using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>Training steps of one of our engines, whose results are read as the training loop does: when the engine has no room for more.</summary>
internal sealed class EngineTraining(string name, ITrainingEngine engine, SequenceBatch batch) : ISide
{
    private readonly StepResult[] _results = new StepResult[engine.MostUnreadSteps];
    private int _unread;

    public string Name => name;

    public void Run()
    {
        engine.TrainStep(batch, TorchTraining.LearningRate);
        if (++_unread == _results.Length)
            Read();
    }

    public void Complete()
    {
        if (_unread > 0)
            Read();
    }

    public float[] Outputs() => [.. Enumerable.Range(0, TorchTraining.ComparedSteps).Select(_ =>
    {
        Run();
        Complete();
        return (float)_results[0].MeanLoss;
    })];

    public void Dispose() => engine.Dispose();

    private void Read() => _unread -= engine.ReadSteps(_results);
}
