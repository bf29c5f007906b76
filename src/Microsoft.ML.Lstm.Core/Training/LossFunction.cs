using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The loss of a batch's outputs and its gradient, written in the outputs' place: (wᵢ / Σ w)·lossᵢ' of the mean, wᵢ·lossᵢ' of the sum. Rows are
/// shared out among workers; their losses are summed afterwards, in order. Where the batch says that targets may be
/// missing, lossᵢ is the mean over the outputs whose target is there, and wᵢ has their fraction as a factor: every target that is there counts alike.
/// </summary>
internal sealed unsafe class LossFunction
{
    private readonly LossSpec _spec;
    private readonly NetworkSpec _network;
    private readonly WorkerTeam _team;
    private readonly int _outputSize;
    private double[] _losses = [];
    private float[] _weights = [];
    private SequenceBatch _batch = null!;
    private float* _outputs;
    private nint _outputRow;
    private int _rows;
    private double _totalWeight;
    private LossGradient _gradient;

    public LossFunction(LossSpec loss, NetworkSpec network, WorkerTeam team) => (_spec, _network, _outputSize, _team) = (loss, network, network.OutputSize, team);

    /// <summary>The loss of <paramref name="rows"/> rows of outputs; the outputs become their gradient, if one is asked for.</summary>
    public LossSum Evaluate(SequenceBatch batch, float* outputs, nint outputRow, int rows, LossGradient gradient)
    {
        _batch = batch;
        _outputs = outputs;
        _outputRow = outputRow;
        _rows = rows;
        _gradient = gradient;
        if (_losses.Length < rows)
            (_losses, _weights) = (new double[rows], new float[rows]);
        _totalWeight = TargetWeights.Fill(_weights, _spec, _network, batch, rows);
        _team.Run(new RowsJob(this), (long)rows * _outputSize);
        double sum = 0;
        for (int row = 0; row < rows; row++)
            sum += _losses[row];
        return new LossSum(sum, _totalWeight);
    }

    private void Run(int worker, int workers)
    {
        (int start, int end) = WorkerTeam.Share(_rows, worker, workers);
        for (int row = start; row < end; row++)
        {
            float* y = _outputs + (row * _outputRow);
            float weight = _weights[row];
            if (weight == 0)
            {
                _losses[row] = 0;
                if (_gradient != LossGradient.None)
                    new Span<float>(y, _outputSize).Clear();
                continue;
            }
            _losses[row] = weight * RowLoss(row, y, _gradient == LossGradient.OfSum ? weight : (float)(weight / _totalWeight));
        }
    }

    private double RowLoss(int row, float* y, float scale)
    {
        if (_spec.TargetsAreClasses)
            return SoftmaxLoss.CrossEntropy(y, _outputSize, _batch.Classes[row], _spec.LabelSmoothing, scale, _gradient != LossGradient.None);
        ReadOnlySpan<float> targets = _batch.Targets.Slice(row * _batch.TargetSize, _batch.TargetSize);
        if (_batch.SkipsMissingTargets)
            return RowLossOfPresent(targets, y, scale);
        double sum = 0;
        for (int j = 0; j < _outputSize; j++)
        {
            (double loss, double slope) = Element(y[j], targets, j);
            sum += loss;
            if (_gradient != LossGradient.None)
                y[j] = (float)(slope * scale / _outputSize);
        }
        return sum / _outputSize;
    }

    private double RowLossOfPresent(ReadOnlySpan<float> targets, float* y, float scale)
    {
        int outputsPerTarget = _outputSize / targets.Length, present = 0;
        foreach (float target in targets)
            present += float.IsNaN(target) ? 0 : outputsPerTarget;
        double sum = 0;
        for (int j = 0; j < _outputSize; j++)
        {
            bool isMissing = float.IsNaN(targets[j / outputsPerTarget]);
            (double loss, double slope) = isMissing ? (0, 0) : Element(y[j], targets, j);
            sum += loss;
            if (_gradient != LossGradient.None)
                y[j] = (float)(slope * scale / present);
        }
        return sum / present;
    }

    /// <summary>The loss of one output and its derivative.</summary>
    private (double Loss, double Slope) Element(float output, ReadOnlySpan<float> targets, int j)
    {
        switch (_spec.Kind)
        {
            case LossKind.MeanAbsoluteError:
                double error = (double)output - targets[j];
                return (Math.Abs(error), double.IsNaN(error) ? error : Math.Sign(error));
            case LossKind.Huber:
                return Huber((double)output - targets[j], _spec.HuberDelta);
            case LossKind.Quantile:
                int quantiles = _spec.Quantiles.Count;
                return Pinball((double)targets[j / quantiles] - output, _spec.Quantiles[j % quantiles]);
            case LossKind.BinaryCrossEntropy:
                double e = Math.Exp(-Math.Abs((double)output));
                double sigmoid = output >= 0 ? 1 / (1 + e) : e / (1 + e);
                return (Math.Max(output, 0.0) - ((double)output * targets[j]) + Math.Log(1 + e), sigmoid - targets[j]);
            default:
                double difference = (double)output - targets[j];
                return (difference * difference, 2 * difference);
        }
    }

    private static (double Loss, double Slope) Huber(double error, double delta) => Math.Abs(error) <= delta
        ? (0.5 * error * error, error)
        : (delta * (Math.Abs(error) - (0.5 * delta)), double.IsNaN(error) ? error : delta * Math.Sign(error));

    private static (double Loss, double Slope) Pinball(double shortfall, double quantile) => shortfall >= 0
        ? (quantile * shortfall, -quantile)
        : ((quantile - 1) * shortfall, 1 - quantile);

    private readonly struct RowsJob(LossFunction loss) : IParallelJob
    {
        public void Run(int part, int parts) => loss.Run(part, parts);
    }
}
