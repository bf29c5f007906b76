using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019) over windows: the values of one input in a block of rows are exchanged among windows, and the growth of the mean absolute
/// error, in units of each window's scale, is what the forecasts lose. Windows are whole, evenly spread, and their horizons known.
/// </summary>
internal sealed class PermutationImportance
{
    private const int BatchSize = 64;
    private readonly ForecastModel _model;
    private readonly NormalizedWindows _windows;
    private readonly int[] _examples;
    private readonly FeatureNames _names;
    private readonly EnsembleScorer _scorer;
    private readonly float[][] _features, _futures, _statics, _targets;
    private readonly int[] _series;

    /// <exception cref="InvalidOperationException">There are fewer than two whole windows with a horizon after them.</exception>
    public PermutationImportance(ForecastModel model, IReadOnlyList<SeriesData> series, int mostWindows)
    {
        (_model, _names, _scorer) = (model, new FeatureNames(model, 0), new EnsembleScorer(model));
        ForecastSettings settings = model.Settings;
        SeriesEncoder encoder = model.Encoder;
        var windows = new ForecastWindows(settings.ToShape());
        var units = new List<ChannelUnit>();
        for (int channel = 0; channel < series.Count * settings.TargetCount; channel++)
        {
            SeriesData source = series[channel / settings.TargetCount];
            units.Add(encoder.UnitOf(source, channel % settings.TargetCount));
            int index = windows.Add(encoder.Encode(source, channel % settings.TargetCount, units[channel]));
            windows.AddOrigins(index, settings.WindowLength, source.KnownCount - settings.Horizon);
        }
        if (windows.Count < 2)
            throw new InvalidOperationException(Invariant(
                $"The series have {windows.Count} windows of {settings.WindowLength} rows with {settings.Horizon} rows after them; expected at least 2, to exchange values among."));
        _windows = new NormalizedWindows(windows, settings, units);
        int count = Math.Min(mostWindows, windows.Count);
        _examples = [.. Enumerable.Range(0, count).Select(i => (int)((long)i * windows.Count / count))];
        (_features, _futures, _statics, _targets, _series) = (new float[count][], new float[count][], new float[count][], new float[count][], new int[count]);
        for (int first = 0; first < count; first += BatchSize)
            Read(first);
    }

    /// <summary>Measures every input, and past ones block by block of rows.</summary>
    /// <param name="blocks">Blocks that the window is cut into.</param>
    /// <param name="permutations">How often values are exchanged.</param>
    /// <param name="seed">Of the permutations.</param>
    /// <param name="cancellationToken">Looked at before every permutation.</param>
    public IReadOnlyList<ForecastImportance> Run(int blocks, int permutations, int seed, CancellationToken cancellationToken)
    {
        double error = MeanError(null, []);
        return [.. Groups(blocks).Select(group => Measure(group, error, permutations, seed, cancellationToken)).OrderByDescending(one => one.ErrorIncrease)];
    }

    private ForecastImportance Measure(Group group, double error, int permutations, int seed, CancellationToken cancellationToken)
    {
        double[] increases = new double[permutations];
        for (int i = 0; i < permutations; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            increases[i] = error > 0 ? (MeanError(group, Donors.Draw(_examples.Length, seed + i)) / error) - 1 : 0;
        }
        double mean = increases.Average();
        return new ForecastImportance(group.Name, group.Kind, group.FirstRow, group.LastRow, mean, Math.Sqrt(increases.Average(one => Math.Pow(one - mean, 2))));
    }

    private IEnumerable<Group> Groups(int blocks)
    {
        int length = _model.Settings.WindowLength, horizon = _model.Settings.Horizon;
        foreach ((string name, ForecastInputKind kind) in _names.Row.Distinct())
        {
            if (kind is ForecastInputKind.Calendar)
            {
                yield return new Group(name, kind, 1 - length, horizon);
                continue;
            }
            foreach (StepBlock block in StepBlock.Cut(length, blocks))
                yield return new Group(name, kind, block.First, block.Last);
            if (kind is ForecastInputKind.FutureCovariate)
                yield return new Group(name, kind, 1, horizon);
        }
        foreach ((string name, ForecastInputKind kind) in _names.Static.Distinct())
            yield return new Group(name, kind, 0, 0);
        if (_model.Settings.HasChannels)
            yield return new Group("Series", ForecastInputKind.Series, 0, 0);
    }

    private void Read(int first)
    {
        SequenceBatch batch = _scorer.Batch;
        ReadOnlySpan<int> examples = _examples.AsSpan(first, Math.Min(BatchSize, _examples.Length - first));
        _windows.Fill(batch, examples);
        for (int p = 0; p < examples.Length; p++)
        {
            int to = first + batch.Order[p];
            _features[to] = new float[batch.Lengths[p] * batch.FeatureSize];
            for (int step = 0; step < batch.Lengths[p]; step++)
                batch.Features.Slice(batch.Row(p, step) * batch.FeatureSize, batch.FeatureSize).CopyTo(_features[to].AsSpan(step * batch.FeatureSize));
            _futures[to] = batch.Futures.Slice(p * batch.FutureSize, batch.FutureSize).ToArray();
            _statics[to] = batch.Statics.Slice(p * batch.StaticSize, batch.StaticSize).ToArray();
            _targets[to] = batch.Targets.Slice(p * batch.TargetSize, batch.TargetSize).ToArray();
            _series[to] = batch.HasSeries ? batch.Series[p] : 0;
        }
    }

    private double MeanError(Group? group, int[] donors)
    {
        (double sum, long count) = (0, 0);
        for (int first = 0; first < _examples.Length; first += BatchSize)
        {
            SequenceBatch batch = _scorer.Batch;
            int length = Math.Min(BatchSize, _examples.Length - first);
            _windows.Fill(batch, _examples.AsSpan(first, length));
            for (int p = 0; p < length && group is not null; p++)
                Exchange(batch, p, donors[first + batch.Order[p]], group);
            ReadOnlySpan<float> outputs = _scorer.Score().Span;
            for (int p = 0; p < length; p++)
                for (int h = 0; h < _model.Horizon; h++)
                {
                    double error = Math.Abs((double)outputs[(p * _model.OutputSize) + (h * _model.QuantileCount) + (_model.QuantileCount / 2)] - _targets[first + batch.Order[p]][h]);
                    if (!double.IsFinite(error))
                        continue;
                    sum += error;
                    count++;
                }
        }
        return sum / count;
    }

    private void Exchange(SequenceBatch batch, int position, int donor, Group group)
    {
        int size = _model.Settings.FeatureSize, known = _model.Settings.KnownSize, segment = _model.Settings.SegmentLength, rows = batch.Lengths[position] * segment;
        if (group.Kind == ForecastInputKind.Series)
            batch.Series[position] = _series[donor];
        for (int i = 0; i < _names.Static.Count; i++)
            if (_names.Static[i] == (group.Name, group.Kind))
                batch.Statics[(position * batch.StaticSize) + i] = _statics[donor][i];
        for (int row = Math.Max(0, rows - 1 + group.FirstRow); row <= rows - 1 + Math.Min(0, group.LastRow); row++)
            for (int i = 0; i < size; i++)
                if (_names.Row[i] == (group.Name, group.Kind))
                    batch.Features[(batch.Row(position, row / segment) * batch.FeatureSize) + (row % segment * size) + i] = _features[donor][(row * size) + i];
        for (int h = Math.Max(1, group.FirstRow); h <= group.LastRow; h++)
            for (int i = 0; i < known; i++)
                if (_names.Known[i] == (group.Name, group.Kind))
                    batch.Futures[(position * batch.FutureSize) + ((h - 1) * known) + i] = _futures[donor][((h - 1) * known) + i];
    }

    /// <summary>An input in some rows.</summary>
    private sealed record Group(string Name, ForecastInputKind Kind, int FirstRow, int LastRow);
}
