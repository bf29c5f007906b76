namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// Brings each column of a [rows, columns] block to mean 0 and standard deviation 1: (x − mean) / scale, computed in double. A constant
/// column has scale 1, so it becomes 0 and comes back as it was. Immutable.
/// </summary>
public sealed class FeatureScaling
{
    private readonly float[] _mean;
    private readonly float[] _scale;

    /// <summary>Creates a scaling of the given means and scales.</summary>
    /// <exception cref="ArgumentException">There are not as many scales as means, or a number is not finite, or a scale is not positive.</exception>
    public FeatureScaling(ReadOnlySpan<float> mean, ReadOnlySpan<float> scale)
    {
        if (mean.Length != scale.Length || mean.IsEmpty)
            throw new ArgumentException(Invariant($"The scaling has {mean.Length} means and {scale.Length} scales; expected as many, and at least one."), nameof(scale));
        for (int i = 0; i < mean.Length; i++)
            if (!float.IsFinite(mean[i]) || !(scale[i] > 0 && float.IsFinite(scale[i])))
                throw new ArgumentException(Invariant($"Column {i} of the scaling has mean {mean[i]} and scale {scale[i]}; expected finite numbers and a positive scale."), nameof(scale));
        (_mean, _scale) = (mean.ToArray(), scale.ToArray());
    }

    /// <summary>Mean of each column.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>Standard deviation (of the population) of each column; 1 where it is 0.</summary>
    public ReadOnlySpan<float> Scale => _scale;

    /// <summary>Number of columns.</summary>
    public int Size => _mean.Length;

    /// <summary>Measures the features of a dataset; a step in several windows counts once, unless each window is normalised by itself.</summary>
    /// <exception cref="ArgumentException">There is no example or no feature, or a number is not finite.</exception>
    public static FeatureScaling OfFeatures(SequenceDataset dataset)
    {
        var moments = new ColumnMoments(dataset.Shape.FeatureSize, "feature");
        if (dataset.Window is { ChangesWindows: true } window)
        {
            var levels = new WindowLevels(window);
            float[] buffer = [];
            AddInTurn(dataset, moments, example => moments.Add(dataset.NormalizedFeatures(example, levels, ref buffer)));
            return moments.ToScaling();
        }
        AddRowsInTurn(dataset, moments);
        return moments.ToScaling();
    }

    /// <summary>Measures the numeric targets of a dataset, normalised by their windows if the dataset says so.</summary>
    /// <exception cref="ArgumentException">There is no example or no numeric target, or a number is not finite.</exception>
    public static FeatureScaling OfTargets(SequenceDataset dataset)
    {
        var moments = new ColumnMoments(dataset.Shape.Target == TargetKind.Numbers ? dataset.Shape.TargetSize : 0, "target");
        WindowLevels? levels = dataset.Window is { } window ? new WindowLevels(window) : null;
        float[] buffer = [];
        AddInTurn(dataset, moments, example => moments.Add(dataset.NormalizedTargets(example, levels, ref buffer)));
        return moments.ToScaling();
    }

    /// <summary>Scales rows; source and destination may be the same.</summary>
    public void Apply(ReadOnlySpan<float> rows, Span<float> destination)
    {
        for (int i = 0, column = 0; i < rows.Length; i++)
        {
            destination[i] = (float)((rows[i] - (double)_mean[column]) / _scale[column]);
            if (++column == _mean.Length)
                column = 0;
        }
    }

    /// <summary>Undoes <see cref="Apply"/>; source and destination may be the same.</summary>
    /// <param name="rows">Scaled values.</param>
    /// <param name="destination">Values in their own unit.</param>
    /// <param name="valuesPerColumn">How many neighbouring values belong to each column: the number of quantiles, or 1.</param>
    public void Undo(ReadOnlySpan<float> rows, Span<float> destination, int valuesPerColumn = 1)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            int column = i / valuesPerColumn % _mean.Length;
            destination[i] = (float)(rows[i] * (double)_scale[column] + _mean[column]);
        }
    }

    // Sums depend on their order: where values are spread over processes, each goes on from the sums of the one before.
    private static void AddInTurn(SequenceDataset dataset, ColumnMoments moments, Action<int> add)
    {
        foreach ((int first, int count, int owner) in dataset.Runs())
        {
            for (int example = first; example < first + count && dataset.Holds(first); example++)
                add(example);
            dataset.Share?.HandOn(moments.State, owner);
        }
    }

    private static void AddRowsInTurn(SequenceDataset dataset, ColumnMoments moments)
    {
        int turn = 0;
        foreach ((int start, int count) in dataset.CoveredFeatureRows())
            foreach ((int first, int rows, int owner) in dataset.Share?.Pieces(start, count) ?? [(start, count, 0)])
            {
                if (owner != turn)
                    dataset.Share!.HandOn(moments.State, turn);
                turn = owner;
                if (dataset.Share is null || owner == dataset.Share.Rank)
                    moments.Add(dataset.FeatureRows(first, rows));
            }
        dataset.Share?.HandOn(moments.State, turn);
    }

    internal void RequireSize(int size, string parameter)
    {
        if (Size != size)
            throw new ArgumentException(Invariant($"The scaling has {Plural.Of(Size, "column")}; expected {size}."), parameter);
    }
}
