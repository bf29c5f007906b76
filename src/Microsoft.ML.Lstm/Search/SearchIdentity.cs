using System.Reflection;
using System.Text.Json;
using Microsoft.ML.Lstm.Columns;

namespace Microsoft.ML.Lstm.Search;

/// <summary>What tells one search from another, as names and texts: all that its results depend on.</summary>
internal static class SearchIdentity
{
    // Said by the search itself, or without an effect on what is trained.
    private static readonly string[] s_others =
    [
        nameof(RecurrentNetworkOptions.CheckpointPath), nameof(RecurrentNetworkOptions.CheckpointEverySteps),
        nameof(RecurrentNetworkOptions.CheckpointEveryEpochs),
        nameof(RecurrentNetworkOptions.ResumeFrom), nameof(RecurrentNetworkOptions.ResumeWithNewSchedule),
        nameof(RecurrentNetworkOptions.KeepWeightsOnCancellation),
        nameof(RecurrentNetworkOptions.NumberOfThreads), nameof(RecurrentNetworkOptions.Seed),
        nameof(RecurrentNetworkOptions.Distributed), nameof(RecurrentNetworkOptions.DistributedData), nameof(RecurrentNetworkOptions.ShardsPerBatch),
    ];

    /// <summary>Of a search.</summary>
    /// <param name="kind">What searches.</param>
    /// <param name="seed">The random seed of settings.</param>
    /// <param name="trainingSeed">The random seed of trainings.</param>
    /// <param name="options">The options that are the same for all trials.</param>
    /// <param name="space">What is varied.</param>
    /// <param name="data">What it is trained and validated on.</param>
    public static IReadOnlyDictionary<string, string> Of<TOptions>(
        string kind, int seed, int trainingSeed, TOptions options, HyperparameterSpace<TOptions> space,
        params (string Name, string Text)[] data)
        where TOptions : RecurrentNetworkOptions
    {
        var identity = new Dictionary<string, string>
        {
            ["Format"] = "1",
            ["Search"] = kind,
            ["Seed"] = Invariant($"{seed}"),
            ["Seed of trainings"] = Invariant($"{trainingSeed}"),
        };
        foreach (PropertyInfo property in options.GetType().GetProperties().OrderBy(property => property.Name, StringComparer.Ordinal))
            if (!s_others.Contains(property.Name) && Text(property.GetValue(options)) is { } text)
                identity.Add("option " + property.Name, text);
        // What follows from the options comes after them, so that a difference is named by its cause.
        foreach ((string name, string text) in data)
            identity.Add(name, text);
        foreach (Hyperparameter<TOptions> one in space.All)
            identity.Add("hyperparameter " + one.Name, string.Join("; ", Enumerable.Range(0, one.Values.Count).Select(one.TextOf)));
        return identity;
    }

    // Of what can be told by its values: not of callbacks, vectors and the like.
    private static string? Text(object? value) => value switch
    {
        string or bool or int or float or double or Enum or IEnumerable<string> or IEnumerable<int> => SettingText.Of(value),
        RegularizationSpec or OptimizerSpec or LossSpec or InitializationSpec or LearningRateSchedule or TimeStep or ClassWeights =>
            JsonSerializer.Serialize(value, value.GetType(), SavedJson.Options),
        TrainingEngine => value.ToString(),
        _ => null,
    };
}
