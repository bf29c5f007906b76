using Microsoft.ML.Lstm.Search;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm;

/// <summary>
/// What a search varies: hyperparameters, each with the values that are tried. Every value is one of a list, so that a search draws the
/// same on every machine.
/// </summary>
/// <typeparam name="TOptions">The options of the trainer.</typeparam>
/// <example>
/// <code>
/// HyperparameterSpace&lt;LstmRegressor.Options&gt; space = new HyperparameterSpace&lt;LstmRegressor.Options&gt;()
///     .Add("LearningRate", [0.0005f, 0.001f, 0.002f], (options, rate) =&gt; options.LearningRate = rate)
///     .Add("Window", [12, 24, 48]);   // read by the factory: trial.Get&lt;int&gt;("Window")
/// </code>
/// </example>
public sealed class HyperparameterSpace<TOptions>
    where TOptions : RecurrentNetworkOptions
{
    private readonly List<Hyperparameter<TOptions>> _all = [];

    /// <summary>Names of the hyperparameters, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. _all.Select(one => one.Name)];

    internal IReadOnlyList<Hyperparameter<TOptions>> All => _all;

    /// <summary>Adds a hyperparameter; one of the same name is replaced.</summary>
    /// <typeparam name="T">Type of its values.</typeparam>
    /// <param name="name">What it is called in the trials.</param>
    /// <param name="values">The values to try, one or more.</param>
    /// <param name="set">
    /// Puts a value into the options. Null: the options have no place for it, and whoever makes the estimator reads it from the trial;
    /// the trial of the options as they were given then has the first
    /// value.
    /// </param>
    /// <returns>This space.</returns>
    /// <exception cref="ArgumentException">There is no name, or no value.</exception>
    public HyperparameterSpace<TOptions> Add<T>(string name, IReadOnlyList<T> values, Action<TOptions, T>? set = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        Require(values.Count > 0, nameof(values), "empty", "one value or more");
        T[] own = [.. values];
        Action<TOptions, int>? put = set is null ? null : (options, place) => set(options, own[place]);
        return Add(new Hyperparameter<TOptions>(name, [.. own.Select(value => (object?)value)], put));
    }

    /// <summary>Takes a hyperparameter out, so that the options as they were given say its value in all trials.</summary>
    /// <param name="name">Its name; one that is not there is none already.</param>
    /// <returns>This space.</returns>
    public HyperparameterSpace<TOptions> Remove(string name)
    {
        _all.RemoveAll(one => one.Name == name);
        return this;
    }

    internal HyperparameterSpace<TOptions> Add(Hyperparameter<TOptions> added)
    {
        int before = _all.FindIndex(one => one.Name == added.Name);
        if (before >= 0)
            _all[before] = added;
        else
            _all.Add(added);
        return this;
    }
}
