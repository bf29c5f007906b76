using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Divides a forecast among what it was made from: with f the network, x what it read, normalised, and b a flat window at the last value with average covariates,
/// <code>
///   contribution[i] = s · (x[i] − b[i]) · mean over k of ∂f/∂x[i] at b + α[k]·(x − b)        α[k] = (k + ½) / K, or 1 alone for input times gradient
/// </code>
/// where s is the window's scale. A channel's own linear forecast, if it has one, is part of f with its share. The midpoint rule; missing
/// values stay missing along the line.
/// </summary>
internal sealed class ForecastAttribution(ForecastModel model, SeriesData series, int target)
{
    private readonly FeatureNames _names = new(model, target);
    private readonly SequenceBatch _batch = new();
    private double[] _features = [], _statics = [], _futures = [];
    private double _baseline, _read;

    /// <summary>Explains the weighted sum of a forecast's steps.</summary>
    /// <param name="weights">The weight of each step of the horizon: [H].</param>
    /// <param name="method">How.</param>
    /// <param name="points">K.</param>
    public ForecastExplanation Run(ReadOnlySpan<float> weights, AttributionMethod method, int points)
    {
        ForecastSettings settings = model.Settings;
        SeriesEncoder encoder = model.Encoder;
        var windows = new ForecastWindows(settings.ToShape());
        int origin = series.PassedCount ?? series.KnownCount;
        ChannelUnit unit = encoder.UnitOf(series, target);
        windows.AddOrigins(windows.Add(encoder.Encode(series, target, unit)), origin, origin);
        var normalized = new NormalizedWindows(windows, settings, [unit]);
        int count = method == AttributionMethod.InputTimesGradient ? 1 : points;
        // Two sequences beside the points: the flat window and what was read.
        var levels = new WindowLevel[count + 2];
        normalized.Fill(_batch, new int[count + 2], levels);
        float[] at = [.. Enumerable.Range(0, count).Select(k => method == AttributionMethod.InputTimesGradient ? 1 : (k + 0.5f) / points), 0, 1];
        int steps = _batch.Lengths[0];
        float[] features = Scale(at);
        Attribute(OutputWeights(weights), count);
        if (model.Locals is { } locals && locals.Of(_batch, 0, settings) is { } own)
            AddOwn(own, locals.NetworkShare, weights);
        double scale = levels[0].Scale, total = weights.ToArray().Sum(weight => (double)weight);
        return new ForecastExplanation
        {
            Forecast = (total * levels[0].Level) + (scale * _read),
            Level = total * levels[0].Level,
            Base = scale * _baseline,
            Contributions = Contributions(features, steps, _batch.Padding.IsEmpty ? 0 : _batch.Padding[0], scale, out double sum),
            Remainder = (scale * (_read - _baseline)) - sum,
            Method = method,
            IsLogarithmic = unit.IsLogarithmic,
        };
    }

    // Scales each sequence's inputs to its point of the line; gives the unscaled features of one.
    private float[] Scale(float[] at)
    {
        float[] read = new float[_batch.Lengths[0] * _batch.FeatureSize];
        int size = model.Settings.FeatureSize;
        for (int step = 0; step < _batch.Lengths[0]; step++)
        {
            _batch.Features.Slice(_batch.Row(0, step) * _batch.FeatureSize, _batch.FeatureSize).CopyTo(read.AsSpan(step * _batch.FeatureSize));
            for (int p = 0; p < at.Length; p++)
            {
                Span<float> segment = _batch.Features.Slice(_batch.Row(p, step) * _batch.FeatureSize, _batch.FeatureSize);
                for (int i = 0; i < segment.Length; i++)
                    if (_names.Row[i % size].Kind != ForecastInputKind.Missing)
                        segment[i] *= at[p];
            }
        }
        for (int p = 0; p < at.Length; p++)
        {
            foreach (ref float value in _batch.Statics.Slice(p * _batch.StaticSize, _batch.StaticSize))
                value *= at[p];
            foreach (ref float value in _batch.Futures.Slice(p * _batch.FutureSize, _batch.FutureSize))
                value *= at[p];
        }
        return read;
    }

    // The mean gradient over the points and the members, and the outputs at both ends of the line.
    private void Attribute(float[] weights, int points)
    {
        int sequences = points + 2, outputs = model.OutputSize;
        (_features, _statics, _futures) = (new double[_batch.Lengths[0] * _batch.FeatureSize], new double[_batch.StaticSize], new double[_batch.FutureSize]);
        float[] y = new float[sequences * outputs], dFeatures = new float[_batch.RowCount * _batch.FeatureSize];
        float[] dStatics = new float[sequences * _batch.StaticSize], dFutures = new float[sequences * _batch.FutureSize];
        double share = 1.0 / (points * (double)model.MemberCount);
        foreach (NetworkScorer member in model.Members)
        {
            new InputGradientSession(member).Run(_batch, weights, y, dFeatures, dStatics, dFutures);
            for (int p = 0; p < points; p++)
            {
                for (int step = 0; step < _batch.Lengths[0]; step++)
                    Add(_features.AsSpan(step * _batch.FeatureSize, _batch.FeatureSize), dFeatures.AsSpan(_batch.Row(p, step) * _batch.FeatureSize, _batch.FeatureSize), share);
                Add(_statics, dStatics.AsSpan(p * _batch.StaticSize, _batch.StaticSize), share);
                Add(_futures, dFutures.AsSpan(p * _batch.FutureSize, _batch.FutureSize), share);
            }
            for (int o = 0; o < outputs; o++)
            {
                _baseline += (double)weights[o] * y[(points * outputs) + o] / model.MemberCount;
                _read += (double)weights[o] * y[((points + 1) * outputs) + o] / model.MemberCount;
            }
        }
    }

    // What the channel's own forecast has of the outputs, and of the gradients, which are the same all along the line.
    private void AddOwn(LinearForecast own, double networkShare, ReadOnlySpan<float> weights)
    {
        ForecastSettings settings = model.Settings;
        foreach (double[] gradients in (double[][])[_features, _statics, _futures])
            foreach (ref double gradient in gradients.AsSpan())
                gradient *= networkShare;
        (_baseline, _read) = (networkShare * _baseline, networkShare * _read);
        float[] z = new float[own.Length], flat = new float[own.Length];
        LocalForecasts.Read(_batch, _batch.SequenceCount - 1, settings, z);
        int first = (_batch.Lengths[0] * settings.SegmentLength) - own.Length;
        for (int h = 0; h < weights.Length; h++)
        {
            double factor = (1 - networkShare) * weights[h];
            (_baseline, _read) = (_baseline + (factor * own.Of(h, flat)), _read + (factor * own.Of(h, z)));
            for (int i = 0; i < z.Length; i++)
                _features[(first + i) * settings.FeatureSize] += factor * own.Weights.Span[(h * z.Length) + i];
        }
    }

    private List<ForecastContribution> Contributions(float[] features, int steps, int padding, double scale, out double sum)
    {
        ForecastSettings settings = model.Settings;
        int size = settings.FeatureSize, rows = steps * settings.SegmentLength;
        var all = new List<ForecastContribution>();
        for (int row = padding; row < rows; row++)
            Collect(_names.Row, row - rows + 1, i => scale * features[(row * size) + i] * _features[(row * size) + i]);
        ReadOnlySpan<float> future = _batch.Futures[^_batch.FutureSize..], statics = _batch.Statics[^_batch.StaticSize..];
        float[] known = future.ToArray(), given = statics.ToArray();
        for (int h = 0; h < settings.Horizon && known.Length > 0; h++)
            Collect(_names.Known, h + 1, i => scale * known[(h * settings.KnownSize) + i] * _futures[(h * settings.KnownSize) + i]);
        Collect(_names.Static, 0, i => scale * given[i] * _statics[i]);
        sum = all.Sum(one => one.Value);
        return all;

        // The values of one column are one input.
        void Collect(IReadOnlyList<(string Name, ForecastInputKind Kind)> names, int row, Func<int, double> value)
        {
            foreach (IGrouping<(string Name, ForecastInputKind Kind), int> input in Enumerable.Range(0, names.Count).Where(i => names[i].Kind != ForecastInputKind.Missing).GroupBy(i => names[i]))
                all.Add(new ForecastContribution(input.Key.Name, input.Key.Kind, row, input.Sum(value)));
        }
    }

    private float[] OutputWeights(ReadOnlySpan<float> weights)
    {
        float[] all = new float[model.OutputSize];
        for (int h = 0; h < weights.Length; h++)
            all[(h * model.QuantileCount) + (model.QuantileCount / 2)] = weights[h];
        return all;
    }

    private static void Add(Span<double> to, ReadOnlySpan<float> values, double factor)
    {
        for (int i = 0; i < values.Length; i++)
            to[i] += factor * values[i];
    }
}
