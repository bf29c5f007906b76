namespace Microsoft.ML.Lstm;

/// <summary>What a <see cref="Diagnosis.NetworkDoctor"/> can find.</summary>
public enum FindingCode
{
    /// <summary>The loss or the gradient became NaN or infinite.</summary>
    Diverged,

    /// <summary>The predictions are nearly the same whatever the input.</summary>
    CollapsedToMean,

    /// <summary>The predictions are one class whatever the input.</summary>
    CollapsedToOneClass,

    /// <summary>The loss is what the best constant prediction would cost.</summary>
    AtBaseline,

    /// <summary>The gradient grows by orders of magnitude on its way back through time, or from one update to the next.</summary>
    ExplodingGradients,

    /// <summary>The gradient does not reach the early steps, and the network has not learned.</summary>
    VanishingGradients,

    /// <summary>The loss rises, bounces, or is far above that of a constant prediction.</summary>
    LearningRateTooHigh,

    /// <summary>The weights have hardly moved, or the loss still falls in a straight line.</summary>
    LearningRateTooLow,

    /// <summary>Most gates are fully open or closed, where they let no gradient through.</summary>
    SaturatedGates,

    /// <summary>Many rectified units are 0 for every input.</summary>
    DeadRectifiers,

    /// <summary>Inputs are far from the size that a network is made for, or of very different sizes.</summary>
    UnscaledInputs,

    /// <summary>Targets are far from the size that a network is made for.</summary>
    UnscaledTargets,

    /// <summary>Inputs are the same at every step of every example.</summary>
    ConstantInputs,

    /// <summary>The inputs contain the label.</summary>
    LeakedLabel,

    /// <summary>Shuffling the steps of the sequences changes nothing.</summary>
    OrderIrrelevant,

    /// <summary>The validation loss rises while the training loss falls.</summary>
    Overfitting,

    /// <summary>There are many more parameters than target values, and it shows.</summary>
    TooLittleData,

    /// <summary>Nearly all labels are of one class.</summary>
    UnbalancedClasses,

    /// <summary>On the validation data a naive forecast, no change or the last season, costs less than the network.</summary>
    WorseThanNaive,

    /// <summary>On the validation data the network is no better, by more than chance, than the linear forecast that training began at, which is kept.</summary>
    NoBetterThanLinear,
}
