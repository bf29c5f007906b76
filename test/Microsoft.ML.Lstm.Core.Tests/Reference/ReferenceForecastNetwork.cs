using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>
/// The forecasting network in plain double precision, one sequence and one segment of the horizon after another, as its documentation's equations stand.
/// </summary>
internal sealed class ReferenceForecastNetwork
{
    private readonly NetworkSpec _spec;
    private readonly ForecastSpec _forecast;
    private readonly LossSpec _loss;
    private readonly double[] _gradients;
    private readonly Dictionary<string, Parameter> _parameters = [];
    private readonly ReferenceLayer[] _encoder;
    private readonly IReferenceCell[] _decoder;

    public ReferenceForecastNetwork(NetworkSpec spec, LossSpec loss)
    {
        (_spec, _forecast, _loss, Layout) = (spec, spec.Forecast!, loss, new ParameterLayout(spec));
        (Weights, _gradients) = (new double[Layout.BlockLength], new double[Layout.BlockLength]);
        foreach (ParameterSlice slice in Layout.Slices)
            _parameters.Add(slice.Name, new Parameter(slice, Weights, _gradients));
        _encoder = [.. spec.HiddenSizes.Select((_, k) => new ReferenceLayer(spec, k, name => _parameters.GetValueOrDefault(name)))];
        string prefix = _forecast.EmbedsSegments ? "rnn." : "decoder.";
        _decoder = [.. spec.HiddenSizes.Select((_, k) => ReferenceLayer.Cell(spec.Cell, name => _parameters.GetValueOrDefault($"{prefix}{name}_l{k}")))];
    }

    public ParameterLayout Layout { get; }

    /// <summary>All parameters, laid out as <see cref="Layout"/> says; to be set by the caller.</summary>
    public double[] Weights { get; }

    /// <summary>Outputs, loss and all gradients on a batch.</summary>
    public ReferenceResult Run(SequenceBatch batch, ForecastMasks? masks = null, double[]? features = null)
    {
        var inputGradients = new double[batch.RowCount][];
        (double[] outputs, List<Action<double[]>> backwards) = Forward(batch, masks, features, inputGradients);
        (LossSum loss, double[] dOutputs) = ReferenceLoss.Evaluate(_loss, _spec, batch, outputs);
        Array.Clear(_gradients);
        foreach (Action<double[]> backward in backwards)
            backward(dOutputs);
        return new ReferenceResult(outputs, loss, [.. _gradients], inputGradients, []);
    }

    /// <summary>The mean loss alone, as <see cref="Run"/> gives it.</summary>
    public double Loss(SequenceBatch batch, ForecastMasks? masks = null, double[]? features = null) =>
        ReferenceLoss.Evaluate(_loss, _spec, batch, Forward(batch, masks, features, []).Outputs).Loss.Mean;

    private (double[] Outputs, List<Action<double[]>> Backwards) Forward(
        SequenceBatch batch, ForecastMasks? masks, double[]? features, double[][] inputGradients)
    {
        masks ??= ForecastMasks.None(_spec, batch);
        features ??= Array.ConvertAll(batch.Features.ToArray(), x => (double)x);
        var outputs = new double[batch.SequenceCount * _spec.OutputSize];
        var backwards = new List<Action<double[]>>();
        for (int position = 0; position < batch.SequenceCount; position++)
        {
            var sequence = new SequenceOfBatch(batch, position, masks.Encoder, null, features);
            int p = position;
            (double[] y, Action<double[]> backward) = Forward(sequence, masks, inputGradients);
            y.CopyTo(outputs, p * _spec.OutputSize);
            backwards.Add(dOutputs => backward(dOutputs.Part(p, _spec.OutputSize)));
        }
        return (outputs, backwards);
    }

    /// <summary>One sequence forward; returns its way back.</summary>
    private (double[] Output, Action<double[]> Backward) Forward(SequenceOfBatch sequence, ForecastMasks masks, double[][] inputGradients)
    {
        (ReferenceState[] final, var encoderBackward) = Encode(sequence);
        var segments = Enumerable.Range(0, _forecast.SegmentCount).Select(m => Decode(sequence, masks, m, final)).ToArray();
        double[] raw = segments.SelectMany(s => s.Output).Take(_spec.OutputSize).ToArray();
        (double[][] skips, var skipBackward) = Skip(sequence);
        double[] sum = [.. raw.Select((value, j) => value + (skips.Length == 0 ? 0 : skips[TargetOf(j)][SkipIndex(j)]))];
        (double[] y, var orderBackward) = _forecast.OrderedQuantiles ? Order(sum) : (sum, d => d);

        return (y, dOutput =>
        {
            double[] d = orderBackward(dOutput);
            double[][] dx = [.. sequence.Rows.Select(_ => new double[_spec.InputSize])];
            skipBackward(d, dx);
            ReferenceState[] dFinal = [.. final.Select(state => ReferenceState.Zero(state.H.Length, state.C.Length > 0))];
            int width = _forecast.SegmentLength * _forecast.StepOutputs;
            double[] padded = [.. d, .. new double[(width * segments.Length) - d.Length]];
            for (int m = 0; m < segments.Length; m++)
                dFinal = [.. dFinal.Zip(segments[m].Backward(padded.Part(m, width)), (a, b) => a.Plus(b))];
            dx = [.. dx.Zip(encoderBackward(dFinal), Vectors.Plus)];
            for (int t = 0; t < dx.Length && inputGradients.Length > 0; t++)
                inputGradients[sequence.Rows[t]] = dx[t];
        });
    }

    private (ReferenceState[] Final, Func<ReferenceState[], double[][]> Backward) Encode(SequenceOfBatch sequence)
    {
        double[][] masks = [.. sequence.Rows.Select(row => sequence.Masks.Input[row])];
        double[][] x = [.. sequence.Rows.Select((row, t) => sequence.Features.Part(row, _spec.InputSize).Times(masks[t]))];
        double[][] embedded = x;
        if (_forecast.EmbedsSegments)
            embedded = [.. x.Select(step => Linear("segment", step).Map(v => Math.Max(0, v)))];
        var final = new ReferenceState[_encoder.Length];
        var backwards = new Func<double[][], ReferenceState[]?, double[][]>[_encoder.Length];
        double[][] h = embedded;
        for (int k = 0; k < _encoder.Length; k++)
        {
            (h, ReferenceState[] last, backwards[k]) = _encoder[k].Forward(h, sequence);
            final[k] = last[0];
        }
        return (final, Backward);

        double[][] Backward(ReferenceState[] dFinal)
        {
            double[][] d = [.. x.Select(_ => new double[_spec.TopSize])];
            for (int k = _encoder.Length - 1; k >= 0; k--)
                d = backwards[k](d, [dFinal[k]]);
            if (_forecast.EmbedsSegments)
                d = [.. d.Select((step, t) => LinearBackward("segment", x[t], [.. step.Zip(embedded[t], (g, e) => e > 0 ? g : 0)]))];
            return [.. d.Select((step, t) => step.Times(masks[t]))];
        }
    }

    /// <summary>One segment of the horizon; its way back returns the gradients of the encoder's final states.</summary>
    private (double[] Output, Func<double[], ReferenceState[]> Backward) Decode(SequenceOfBatch sequence, ForecastMasks masks, int segment, ReferenceState[] final)
    {
        int row = (sequence.Position * _forecast.SegmentCount) + segment;
        (double[] x, Action<double[]> inputBackward) = DecoderInput(sequence, segment, masks.KnowsSeries[sequence.Position]);
        var backwards = new StepBackward[_decoder.Length];
        for (int k = 0; k < _decoder.Length; k++)
        {
            (ReferenceState next, backwards[k]) = _decoder[k].Step(x, final[k], masks.Recurrent[k][sequence.Position]);
            x = k < _decoder.Length - 1 ? next.H.Times(masks.Layers[k][row]) : next.H.Times(masks.Output[row]);
        }
        double[] read = x;
        return (Linear("output", read), Backward);

        ReferenceState[] Backward(double[] dOutput)
        {
            double[] d = LinearBackward("output", read, dOutput).Times(masks.Output[row]);
            var dFinal = new ReferenceState[_decoder.Length];
            for (int k = _decoder.Length - 1; k >= 0; k--)
            {
                (d, dFinal[k]) = backwards[k](new ReferenceState(d, new double[final[k].C.Length]));
                if (k > 0)
                    d = d.Times(masks.Layers[k - 1][row]);
            }
            inputBackward(d);
            return dFinal;
        }
    }

    private (double[] U, Action<double[]> Backward) DecoderInput(SequenceOfBatch sequence, int segment, bool knowsSeries)
    {
        SequenceBatch batch = sequence.Batch;
        int p = sequence.Position, series = batch.HasSeries && knowsSeries ? batch.Series[p] : 0, future = _forecast.SegmentLength * _forecast.FutureSize;
        double[] u = _parameters["decoder.position"].Row(segment);
        if (batch.HasSeries)
            u = [.. u, .. _parameters["decoder.series"].Row(series)];
        double[] futures = [.. Doubles(batch.Futures, p, batch.FutureSize), .. new double[(_forecast.SegmentCount * future) - batch.FutureSize]];
        double[] covariates = [.. Doubles(batch.Statics, p, batch.StaticSize), .. futures.Part(segment, future)];
        if (covariates.Length > 0)
            u = u.Plus(Linear("decoder.covariates", covariates));
        return (u, Backward);

        void Backward(double[] du)
        {
            _parameters["decoder.position"].RowBackward(segment, du[.._forecast.PositionSize]);
            if (_forecast.SeriesCount > 0)
                _parameters["decoder.series"].RowBackward(series, du[_forecast.PositionSize..]);
            if (covariates.Length > 0)
                LinearBackward("decoder.covariates", covariates, du);
        }
    }

    /// <summary>The linear forecast of each target, [H·Q]; its way back adds to the gradients of the segments.</summary>
    private (double[][] Outputs, Action<double[], double[][]> Backward) Skip(SequenceOfBatch sequence)
    {
        if (_forecast.SkipLength == 0)
            return ([], (_, _) => { });
        int features = _spec.InputSize / _forecast.SegmentLength;
        // Rows of the window as (segment, place of the first target), last first.
        (int Step, int Place)[] lags =
            [.. from t in Enumerable.Range(0, sequence.Rows.Length).Reverse() from r in Enumerable.Range(0, _forecast.SegmentLength).Reverse() select (t, r * features)];
        double[] Window(int target) => [.. Enumerable.Range(1, _forecast.SkipLength).Reverse().Select(lag => lag > lags.Length
            ? 0
            : sequence.Features.Part(sequence.Rows[lags[lag - 1].Step], _spec.InputSize)[lags[lag - 1].Place + target])];
        return ([.. Enumerable.Range(0, _forecast.TargetCount).Select(target => Linear("skip", Window(target)))], Backward);

        void Backward(double[] d, double[][] dx)
        {
            for (int target = 0; target < _forecast.TargetCount; target++)
            {
                var dSkip = new double[_forecast.Horizon * _forecast.QuantileCount];
                for (int j = 0; j < d.Length; j++)
                    if (TargetOf(j) == target)
                        dSkip[SkipIndex(j)] = d[j];
                double[] dWindow = LinearBackward("skip", Window(target), dSkip);
                for (int lag = 1; lag <= Math.Min(_forecast.SkipLength, lags.Length); lag++)
                    dx[lags[lag - 1].Step][lags[lag - 1].Place + target] += dWindow[^lag];
            }
        }
    }

    /// <summary>Quantiles as the middle one and sums of softplus increments away from it.</summary>
    private (double[] Y, Func<double[], double[]> Backward) Order(double[] raw)
    {
        int count = _forecast.QuantileCount, middle = count / 2;
        double[] y = [.. raw.Select((_, j) =>
        {
            int first = j - (j % count), q = j % count, from = Math.Min(q, middle), to = Math.Max(q, middle);
            double sum = Enumerable.Range(from, to - from + 1).Where(i => i != middle).Sum(i => Math.Log(1 + Math.Exp(raw[first + i])));
            return raw[first + middle] + (q < middle ? -sum : sum);
        })];
        return (y, d => [.. raw.Select((r, j) =>
        {
            int first = j - (j % count), q = j % count;
            // Which outputs a raw value is in: all for the middle one, otherwise those as far from the middle or farther.
            double reached = Enumerable.Range(0, count).Where(i => q == middle || (q > middle ? i >= q : i <= q)).Sum(i => d[first + i]);
            return q == middle ? reached : (q > middle ? 1 : -1) * Vectors.Sigmoid(r) * reached;
        })]);
    }

    private int TargetOf(int output) => output / _forecast.QuantileCount % _forecast.TargetCount;

    private int SkipIndex(int output) => (output / _forecast.StepOutputs * _forecast.QuantileCount) + (output % _forecast.QuantileCount);

    private double[] Linear(string name, double[] x) => _parameters[name + ".weight"].Times(x).Plus(_parameters[name + ".bias"].Vector());

    private double[] LinearBackward(string name, double[] x, double[] dy)
    {
        _parameters[name + ".bias"].VectorBackward(dy);
        return _parameters[name + ".weight"].TimesBackward(x, dy);
    }

    private static double[] Doubles(Span<float> values, int index, int size) => Array.ConvertAll(values.Slice(index * size, size).ToArray(), x => (double)x);
}
