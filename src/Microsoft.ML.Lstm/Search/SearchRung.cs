using Microsoft.ML.Lstm.Search;

namespace Microsoft.ML.Lstm;

/// <summary>One training of one trial: up to a rung of the ladder that the better trials climb.</summary>
public sealed class SearchRung
{
    /// <summary>The trial; 0 is that of the options as they were given.</summary>
    public int Trial { get; init; }

    /// <summary>The rung, from 0: the higher, the more epochs and the fewer trials.</summary>
    public int Rung { get; init; }

    /// <summary>
    /// Epochs that it has been trained for in all, those of the rungs below included; fewer than the rung allows where training stopped
    /// early.
    /// </summary>
    public int Epochs { get; init; }

    /// <summary>What the rows that validate gave; smaller is better. Positive infinity where the training diverged.</summary>
    public double Score { get; init; }

    /// <summary>Seconds that this rung took, validation included.</summary>
    public double Seconds { get; init; }

    /// <summary>The settings in one line.</summary>
    public string Settings => SettingText.Of(Values);

    /// <summary>The settings, by the names of the hyperparameters; of trial 0 those alone that its options have no place for.</summary>
    [Data.NoColumn]
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Trial, rung, score and settings.</summary>
    public override string ToString() => Invariant($"trial {Trial}, rung {Rung} ({Plural.Of(Epochs, "epoch")}): {Score:G6}; {Settings}");
}
