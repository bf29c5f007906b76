namespace Microsoft.ML.Lstm;

/// <summary>How the learning rate goes over the training.</summary>
public enum ScheduleKind
{
    /// <summary>The same all along.</summary>
    Constant,

    /// <summary>Multiplied by a factor every so many epochs. PyTorch's StepLR.</summary>
    StepDecay,

    /// <summary>Multiplied by a factor every epoch from some epoch on (Zaremba, Sutskever and Vinyals 2014).</summary>
    Exponential,

    /// <summary>A linear rise, then half a cosine down (Loshchilov and Hutter 2017).</summary>
    Cosine,

    /// <summary>Half a cosine up, half a cosine further down. PyTorch's OneCycleLR (Smith and Topin 2018).</summary>
    OneCycle,

    /// <summary>Multiplied by a factor when the validation loss does not improve. PyTorch's ReduceLROnPlateau.</summary>
    ReduceOnPlateau,
}
