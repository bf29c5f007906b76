using System.Text.Json.Serialization;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Sequences;

/// <summary>
/// What is done to each window before scaling, and to the outputs after it: the one description that training and scoring share. Immutable.
/// </summary>
internal sealed record WindowTransform
{
    /// <summary>How windows are normalised.</summary>
    public WindowNormalization Normalization { get; init; }

    /// <summary>F, values per row of the window; a step of the network may be several rows.</summary>
    public int RowSize { get; init; } = 1;

    /// <summary>
    /// Place in a row of the series that each target continues, target j that of entry j modulo the count; −1: none, the target is left as it is.
    /// Empty: all targets are. With <see cref="WindowNormalization.None"/> targets are differences from that series' last value.
    /// </summary>
    public IReadOnlyList<int> TargetFeatures { get; init; } = [];

    /// <summary>What of the targets a line forecasts from the normalised window, which leaves the rest to the network; null: nothing.</summary>
    [JsonIgnore]
    public LinearForecast? Linear { get; init; }

    /// <summary>Whether nothing is done at all.</summary>
    [JsonIgnore]
    public bool IsIdentity => !ChangesWindows && !ChangesTargets;

    /// <summary>Whether windows are normalised.</summary>
    [JsonIgnore]
    public bool ChangesWindows => Normalization != WindowNormalization.None;

    /// <summary>Whether targets are.</summary>
    [JsonIgnore]
    public bool ChangesTargets => TargetFeatures.Any(feature => feature >= 0);

    /// <summary>Refuses a transform that does not fit the sequences.</summary>
    /// <param name="stepSize">Numbers per step of the network.</param>
    /// <param name="everyStep">Whether each step has a target.</param>
    /// <exception cref="ArgumentException">Names the property, the value found and what was expected.</exception>
    public void Validate(int stepSize, bool everyStep)
    {
        Require(Enum.IsDefined(Normalization), nameof(Normalization), Normalization, OneOf<WindowNormalization>());
        Require(RowSize > 0 && stepSize % RowSize == 0 && (stepSize > 0 || IsIdentity), nameof(RowSize), RowSize, $"a divisor of {stepSize}, the numbers per step");
        Require(TargetFeatures is not null, nameof(TargetFeatures), null, "a list");
        foreach (int feature in TargetFeatures!)
            Require(feature >= -1 && feature < RowSize, nameof(TargetFeatures), feature, $"-1 to {RowSize - 1}");
        Require(!everyStep || IsIdentity, nameof(Normalization), Normalization, $"{WindowNormalization.None} without differences, since every step has a target");
    }

    /// <summary>Refuses a linear forecast that does not fit the windows and the targets.</summary>
    /// <param name="rows">Rows of each window; null: they vary.</param>
    /// <param name="targets">Targets of each window.</param>
    /// <exception cref="ArgumentException">Says what was found and expected.</exception>
    public void ValidateLinear(int? rows, int targets)
    {
        if (Linear is not { } linear)
            return;
        Require(ChangesWindows && ChangesTargets, nameof(Normalization), Normalization, $"{WindowNormalization.LastValue} or {WindowNormalization.LastValueAndScale} of a continued series, since there is a linear forecast");
        Require(linear.TargetCount == targets, "number of targets of the linear forecast", linear.TargetCount, $"{targets}");
        Require(rows is not null, "length of the linear forecast", linear.Length, "none, since windows vary in length");
        Require(linear.Length <= rows, "length of the linear forecast", linear.Length, $"at most {rows}, the rows of a window");
    }

    /// <summary>The feature that a target continues; −1: none.</summary>
    public int FeatureOf(int target) => TargetFeatures.Count == 0 ? -1 : TargetFeatures[target % TargetFeatures.Count];
}
