namespace Microsoft.ML.Lstm;

/// <summary>How each window of a series is brought to a level of its own before the network sees it, which outputs undo.</summary>
/// <remarks>
/// A network that has learned from values of one range has nothing to say about others, so a series whose level wanders or grows leaves it behind.
/// What remains of a window after its own last value is subtracted does not (Zeng et al. 2023); divided by its own scale, series of unequal size
/// look alike too (reversible instance normalisation: Kim et al. 2022).
/// </remarks>
public enum WindowNormalization
{
    /// <summary>Windows are taken as they are.</summary>
    None,

    /// <summary>
    /// Each feature's last value in the window is subtracted from it, and that of the series that the label continues from the label. "No change" is
    /// then what an untrained network says.
    /// </summary>
    LastValue,

    /// <summary>
    /// As <see cref="LastValue"/>, and what remains is divided by the feature's standard deviation in the window, or by a ten-thousandth of its mean
    /// magnitude if that is more. The forecast of a constant window is its constant.
    /// </summary>
    LastValueAndScale,
}
