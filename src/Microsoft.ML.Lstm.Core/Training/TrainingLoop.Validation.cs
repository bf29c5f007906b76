using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training.Distributed;

namespace Microsoft.ML.Lstm.Training;

/// <summary>The loss on examples that are not trained on: after an epoch, or by itself.</summary>
public sealed partial class TrainingLoop
{
    /// <summary>The mean loss of an engine on a dataset, without dropout, in batches as the options say.</summary>
    /// <exception cref="ArgumentException">There is nothing to evaluate.</exception>
    public double Evaluate(IExampleSource dataset)
    {
        var lockstep = new Lockstep(Distribution?.Group);
        using var cancellation = new CancellationTokenSource();
        return lockstep.Run(() =>
        {
            BatchOrder? order = null;
            lockstep.Together(() => order = ValidationOrder(dataset));
            _steps = Steps(cancellation);
            return Evaluate(order!, default);
        });
    }

    private BatchOrder ValidationOrder(IExampleSource dataset) => _options.Order == BatchOrderKind.Streams && dataset.Count == 1
        ? new(dataset, BatchOrderKind.Streams, Math.Min(_options.BatchSize, dataset.Length(0)), _options.ChunkSteps)
        : new(dataset, BatchOrderKind.Sequential, _options.BatchSize);

    private double Validate(BatchOrder order, CancellationToken cancellationToken)
    {
        double loss = Evaluate(order, cancellationToken);
        return double.IsFinite(loss) ? loss : throw new TrainingDivergedException(
            Invariant($"The validation loss is {loss} after step {_progress.Step} (epoch {_progress.Epoch + 1}) at learning rate {_progress.LearningRate}; ")
            + Invariant($"expected a finite value. {KeepFiniteWeights()}"),
            _progress.Step, _progress.LearningRate);
    }

    private double Evaluate(BatchOrder order, CancellationToken cancellationToken)
    {
        _engine.ResetState();
        LossSum total = _steps!.Evaluate(order, cancellationToken);
        _engine.ResetState();
        return total.Mean;
    }
}
