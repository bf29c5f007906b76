using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Search;

/// <summary>
/// Draws the settings of trials. Each hyperparameter goes through its values in a random order of its own, again and again in another
/// (Latin hypercube sampling, McKay et al. 1979), so that a few
/// trials see every value of each. The first trials of a search do not depend on how many follow.
/// </summary>
internal sealed class TrialSampler<TOptions>
    where TOptions : RecurrentNetworkOptions
{
    private const int MostDraws = 1000;
    private readonly IReadOnlyList<Hyperparameter<TOptions>> _space;
    private readonly RandomStream[] _streams;
    private readonly Queue<int>[] _orders;
    private readonly List<int[]?> _places = [null];
    private readonly HashSet<string> _seen = [];

    /// <param name="space">What is varied.</param>
    /// <param name="seed">The random seed.</param>
    public TrialSampler(HyperparameterSpace<TOptions> space, int seed)
    {
        _space = [.. space.All];
        _streams = [.. _space.Select(one => new RandomStream(seed, "search " + one.Name))];
        _orders = [.. _space.Select(_ => new Queue<int>())];
    }

    /// <summary>Whether there is a trial of that number: settings that no trial before it has.</summary>
    public bool Has(int trial)
    {
        while (_places.Count <= trial)
        {
            if (Draw() is not { } places)
                return false;
            _places.Add(places);
        }
        return true;
    }

    /// <summary>A trial as the maker of estimators sees it.</summary>
    public SearchTrial Of(int trial)
    {
        var values = new Dictionary<string, object?>();
        var settings = new Dictionary<string, string>();
        for (int i = 0; i < _space.Count; i++)
        {
            int place = _places[trial] is { } places ? places[i] : 0;
            if (_space[i].Set is null)
                values.Add(_space[i].Name, _space[i].Values[place]);
            if (trial > 0 || _space[i].Set is null)
                settings.Add(_space[i].Name, _space[i].TextOf(place));
        }
        return new SearchTrial(trial, values, settings);
    }

    /// <summary>Puts the settings of a trial into options.</summary>
    public void Apply(int trial, TOptions options)
    {
        for (int i = 0; i < _space.Count; i++)
            if (_places[trial] is { } places)
                _space[i].Set?.Invoke(options, places[i]);
    }

    private int[]? Draw()
    {
        for (int draw = 0; _space.Count > 0 && draw < MostDraws; draw++)
        {
            int[] places = [.. Enumerable.Range(0, _space.Count).Select(NextPlace)];
            if (_seen.Add(string.Join(' ', places)))
                return places;
        }
        return null;
    }

    private int NextPlace(int index)
    {
        if (_orders[index].Count == 0)
        {
            int[] order = [.. Enumerable.Range(0, _space[index].Values.Count)];
            _streams[index].Shuffle(order);
            foreach (int place in order)
                _orders[index].Enqueue(place);
        }
        return _orders[index].Dequeue();
    }
}
