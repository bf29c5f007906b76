namespace Microsoft.ML.Lstm;

/// <summary>How gradients become weight changes. Each follows PyTorch's definition and defaults.</summary>
public enum OptimizerKind
{
    /// <summary>Stochastic gradient descent, with momentum and Nesterov's form on demand.</summary>
    Sgd,

    /// <summary>Adam (Kingma and Ba 2015).</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW,

    /// <summary>AdaGrad (Duchi, Hazan and Singer 2011).</summary>
    AdaGrad,

    /// <summary>RMSProp (Tieleman and Hinton 2012).</summary>
    RmsProp,
}
