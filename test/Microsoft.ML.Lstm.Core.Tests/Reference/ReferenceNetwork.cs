using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>
/// The network in plain double precision, one sequence after another: what the engine must compute, written to be checked by eye.
/// A step's forward computation returns its backward step, so that both stand side by side.
/// </summary>
internal sealed class ReferenceNetwork
{
    private readonly NetworkSpec _spec;
    private readonly LossSpec _loss;
    private readonly double[] _gradients;
    private readonly Dictionary<string, Parameter> _parameters = [];
    private readonly ReferenceLayer[] _layers;

    public ReferenceNetwork(NetworkSpec spec, LossSpec loss)
    {
        (_spec, _loss, Layout) = (spec, loss, new ParameterLayout(spec));
        (Weights, _gradients) = (new double[Layout.BlockLength], new double[Layout.BlockLength]);
        foreach (ParameterSlice slice in Layout.Slices)
            _parameters.Add(slice.Name, new Parameter(slice, Weights, _gradients));
        _layers = [.. spec.HiddenSizes.Select((_, k) => new ReferenceLayer(spec, k, name => _parameters.GetValueOrDefault(name)))];
    }

    public ParameterLayout Layout { get; }

    /// <summary>All parameters, laid out as <see cref="Layout"/> says; to be set by the caller.</summary>
    public double[] Weights { get; }

    /// <summary>Outputs, loss and all gradients on a batch.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="masks">Dropout; none by default.</param>
    /// <param name="initial">layer · directions + direction → position → state to begin with, instead of zero or the learned one.</param>
    /// <param name="features">Replaces the batch's numbers, in double precision.</param>
    public ReferenceResult Run(
        SequenceBatch batch, ReferenceMasks? masks = null, ReferenceState[][]? initial = null, double[]? features = null)
    {
        var inputGradients = new double[batch.RowCount][];
        (double[] outputs, ReferenceState[][] final, List<Action<double[]>> backwards) = Forward(batch, masks, initial, features, inputGradients);
        (LossSum loss, double[] dOutputs) = ReferenceLoss.Evaluate(_loss, _spec, batch, outputs);
        Array.Clear(_gradients);
        foreach (Action<double[]> backward in backwards)
            backward(dOutputs);
        return new ReferenceResult(outputs, loss, [.. _gradients], inputGradients, final);
    }

    /// <summary>The mean loss alone, as <see cref="Run"/> gives it.</summary>
    public double Loss(SequenceBatch batch, ReferenceMasks? masks = null, ReferenceState[][]? initial = null, double[]? features = null) =>
        ReferenceLoss.Evaluate(_loss, _spec, batch, Forward(batch, masks, initial, features, []).Outputs).Loss.Mean;

    private (double[] Outputs, ReferenceState[][] Final, List<Action<double[]>> Backwards) Forward(
        SequenceBatch batch, ReferenceMasks? masks, ReferenceState[][]? initial, double[]? features, double[][] inputGradients)
    {
        masks ??= ReferenceMasks.Draw(_spec, batch, 0, new Random(0));
        features ??= Array.ConvertAll(batch.Features.ToArray(), x => (double)x);
        int rows = _spec.Output == OutputPosition.EveryStep ? batch.RowCount : batch.SequenceCount;
        var outputs = new double[rows * _spec.OutputSize];
        ReferenceState[][] final =
            [.. Enumerable.Range(0, _layers.Length * _spec.Directions).Select(_ => new ReferenceState[batch.SequenceCount])];
        var backwards = new List<Action<double[]>>();
        for (int position = 0; position < batch.SequenceCount; position++)
            backwards.Add(Forward(new SequenceOfBatch(batch, position, masks, initial, features), outputs, inputGradients, final));
        return (outputs, final, backwards);
    }

    /// <summary>One sequence forward; returns its way back.</summary>
    private Action<double[]> Forward(SequenceOfBatch sequence, double[] outputs, double[][] inputGradients, ReferenceState[][] final)
    {
        int[] rows = sequence.Rows;
        double[][] x = [.. rows.Select(row => StepInput(sequence, row).Times(sequence.Masks.Input[row]))];
        var layerBackwards = new List<Func<double[][], ReferenceState[]?, double[][]>>();
        ReferenceState[] last = [];
        for (int k = 0; k < _layers.Length; k++)
        {
            (x, last, var backward) = _layers[k].Forward(x, sequence);
            layerBackwards.Add(backward);
            for (int d = 0; d < last.Length; d++)
                final[k * _spec.Directions + d][sequence.Position] = last[d];
        }
        // Each thing that the output layer reads, and the output row that it gives.
        (int Row, double[] Read)[] reads = _spec.Output == OutputPosition.EveryStep
            ? [.. rows.Zip(x)]
            : [(sequence.Position, [.. last.SelectMany(state => state.H)])];
        foreach ((int row, double[] read) in reads)
            Output(read.Times(sequence.Masks.Output[row])).CopyTo(outputs, row * _spec.OutputSize);

        return dOutputs =>
        {
            double[][] dReads = [.. reads.Select(r =>
            {
                double[] mask = sequence.Masks.Output[r.Row];
                return OutputBackward(r.Read.Times(mask), dOutputs.Part(r.Row, _spec.OutputSize)).Times(mask);
            })];
            bool everyStep = _spec.Output == OutputPosition.EveryStep;
            double[][] dx = everyStep ? dReads : [.. rows.Select(_ => new double[_spec.TopSize])];
            ReferenceState[]? dLast = everyStep
                ? null
                : [.. last.Select((state, d) => new ReferenceState(dReads[0].Part(d, state.H.Length), new double[state.C.Length]))];
            for (int k = _layers.Length - 1; k >= 0; k--)
            {
                dx = layerBackwards[k](dx, dLast);
                dLast = null;
            }
            for (int t = 0; t < rows.Length; t++)
                StepInputBackward(sequence, rows[t], inputGradients[rows[t]] = dx[t].Times(sequence.Masks.Input[rows[t]]));
        };
    }

    /// <summary>[embedding of the token, features].</summary>
    private double[] StepInput(SequenceOfBatch sequence, int row)
    {
        double[] features = sequence.Features.Part(row, _spec.InputSize);
        if (_spec.VocabularySize == 0)
            return features;
        int token = sequence.Batch.Tokens[row];
        return [.. _parameters["embedding.weight"].Row(token).Map(e => e * sequence.Masks.Embedding[token]), .. features];
    }

    private void StepInputBackward(SequenceOfBatch sequence, int row, double[] dx)
    {
        if (_spec.VocabularySize == 0)
            return;
        int token = sequence.Batch.Tokens[row];
        _parameters["embedding.weight"].RowBackward(token, dx[.._spec.EmbeddingSize].Map(d => d * sequence.Masks.Embedding[token]));
    }

    private Parameter OutputWeight => _parameters[_spec.TiedEmbeddings ? "embedding.weight" : "output.weight"];

    private double[] Output(double[] h) => OutputWeight.Times(h).Plus(_parameters["output.bias"].Vector());

    private double[] OutputBackward(double[] h, double[] dy)
    {
        _parameters["output.bias"].VectorBackward(dy);
        return OutputWeight.TimesBackward(h, dy);
    }
}
