namespace Microsoft.ML.Lstm;

/// <summary>How a forecast is divided among what it was made from.</summary>
public enum AttributionMethod
{
    /// <summary>
    /// Integrated gradients (Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017): the slope of the forecast averaged over the straight line from a flat window at the last
    /// value, with average covariates, to what was read. The contributions add up to the forecast.
    /// </summary>
    IntegratedGradients,

    /// <summary>Input times gradient: the slope at what was read alone. One pass, but the contributions need not add up.</summary>
    InputTimesGradient,
}
