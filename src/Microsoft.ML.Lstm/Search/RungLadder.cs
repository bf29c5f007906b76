namespace Microsoft.ML.Lstm.Search;

/// <summary>
/// Which training comes next: successive halving as trials come in (Li et al. 2020). The trial of the options as they were given climbs
/// to the top first and competes with nobody. Of the others, those
/// among the best third of a rung climb to the next, where they are trained for three times as many epochs in all; when no further trial
/// begins, a third is rounded up, so that each rung sends one on.
/// </summary>
internal sealed class RungLadder
{
    private const int Reduction = 3, MostRungs = 4;
    private readonly Dictionary<(int Trial, int Rung), double> _scores = [];
    private readonly int[] _epochs;

    /// <param name="epochs">Epochs of the top rung.</param>
    public RungLadder(int epochs)
    {
        int rungs = 1;
        for (int rest = epochs / Reduction; rest >= 1 && rungs < MostRungs; rest /= Reduction)
            rungs++;
        _epochs = new int[rungs];
        for (int rung = rungs - 1; rung >= 0; rung--, epochs = (epochs + Reduction - 1) / Reduction)
            _epochs[rung] = epochs;
    }

    /// <summary>Epochs of each rung, those of the rungs below included.</summary>
    public IReadOnlyList<int> Epochs => _epochs;

    /// <summary>Takes up a score.</summary>
    public void Add(int trial, int rung, double score) => _scores.Add((trial, rung), score);

    /// <summary>The next training; null: there is none.</summary>
    /// <param name="begun">Trials begun.</param>
    /// <param name="canBegin">Whether there is another trial to begin.</param>
    public (int Trial, int Rung)? Next(int begun, bool canBegin)
    {
        for (int rung = 0; rung < _epochs.Length; rung++)
            if (!_scores.TryGetValue((0, rung), out double score))
                return (0, rung);
            else if (double.IsPositiveInfinity(score))
                break;
        for (int rung = _epochs.Length - 2; rung >= 0; rung--)
            if (Climber(rung, roundsUp: false) is { } climber)
                return (climber, rung + 1);
        if (canBegin)
            return (begun, 0);
        for (int rung = 0; rung < _epochs.Length - 1; rung++)
            if (Climber(rung, roundsUp: true) is { } climber)
                return (climber, rung + 1);
        return null;
    }

    // The best of those that may climb and have not yet.
    private int? Climber(int rung, bool roundsUp)
    {
        (int Trial, double Score)[] here = [.. _scores.Where(one => one.Key.Rung == rung && one.Key.Trial > 0)
            .Select(one => (one.Key.Trial, one.Value)).OrderBy(one => one.Value).ThenBy(one => one.Trial)];
        int places = (here.Length + (roundsUp ? Reduction - 1 : 0)) / Reduction;
        foreach ((int trial, double score) in here.Take(places))
            if (double.IsFinite(score) && !_scores.ContainsKey((trial, rung + 1)))
                return trial;
        return null;
    }
}
