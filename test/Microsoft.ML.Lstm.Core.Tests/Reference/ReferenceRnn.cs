namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>Elman's network: h' = φ(W_ih x + b_ih + W_hh (m ⊙ h) + b_hh), where φ is tanh or max(0, ·).</summary>
internal sealed class ReferenceRnn(Func<string, Parameter?> parameter, bool rectified) : IReferenceCell
{
    private readonly Parameter _wih = parameter("weight_ih")!, _whh = parameter("weight_hh")!;
    private readonly Parameter _bih = parameter("bias_ih")!, _bhh = parameter("bias_hh")!;

    public (ReferenceState Next, StepBackward Backward) Step(double[] x, ReferenceState previous, double[] mask)
    {
        double[] masked = previous.H.Times(mask);
        double[] a = _wih.Times(x).Plus(_bih.Vector()).Plus(_whh.Times(masked)).Plus(_bhh.Vector());
        double[] h = a.Map(y => rectified ? Math.Max(0, y) : Math.Tanh(y));

        return (new ReferenceState(h, []), Backward);

        (double[], ReferenceState) Backward(ReferenceState d)
        {
            double[] da = d.H.Times(h.Map(y => rectified ? (y > 0 ? 1 : 0) : 1 - y * y));
            _bih.VectorBackward(da);
            _bhh.VectorBackward(da);
            return (_wih.TimesBackward(x, da), new ReferenceState(_whh.TimesBackward(masked, da).Times(mask), []));
        }
    }
}
