namespace Microsoft.ML.Lstm.Training;

/// <summary>One recurrent layer in one direction, over a few examples.</summary>
public sealed record LayerObservation
{
    /// <summary>The layer, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>0: forward; 1: backward-reading.</summary>
    public required int Direction { get; init; }

    /// <summary>
    /// ‖∂loss/∂(gate pre-activations)‖ by steps back from the last one, as the root mean square over sequences; the loss is that of each
    /// sequence's last output. Only as far back as at least half of the sequences reach. These are what the weights' gradients are made of.
    /// </summary>
    public required IReadOnlyList<double> GradientNorms { get; init; }

    /// <summary>The gates; of the tanh network, the state.</summary>
    public required IReadOnlyList<GateObservation> Gates { get; init; }

    /// <summary>Units that are 0 at every step of every example (rectifier).</summary>
    public required int DeadUnits { get; init; }

    /// <summary>H.</summary>
    public required int Units { get; init; }

    /// <summary>The largest gradient norm of a step as a multiple of the last step's; NaN when there is none.</summary>
    public double Growth => HasGradients ? GradientNorms.Max() / GradientNorms[0] : double.NaN;

    /// <summary>The gradient norm furthest back as a multiple of the last step's; NaN when there is none.</summary>
    public double Decay => HasGradients ? GradientNorms[^1] / GradientNorms[0] : double.NaN;

    private bool HasGradients => GradientNorms.Count > 1 && GradientNorms[0] > 0;
}
