using static Microsoft.ML.Lstm.Core.Tests.Reference.Vectors;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>
/// GRU with the reset gate after the recurrent product, gates in the order r, z, n:
/// <code>
/// a = W_ih x + b_ih    q = W_hh (m ⊙ h) + b_hh
/// r = σ(a_r + q_r)   z = σ(a_z + q_z)   n = tanh(a_n + r ⊙ q_n)
/// h' = (1 − z) ⊙ n + z ⊙ h
/// </code>
/// </summary>
internal sealed class ReferenceGru(Func<string, Parameter?> parameter) : IReferenceCell
{
    private readonly Parameter _wih = parameter("weight_ih")!, _whh = parameter("weight_hh")!;
    private readonly Parameter _bih = parameter("bias_ih")!, _bhh = parameter("bias_hh")!;

    public (ReferenceState Next, StepBackward Backward) Step(double[] x, ReferenceState previous, double[] mask)
    {
        double[] h = previous.H, masked = h.Times(mask);
        int units = h.Length;
        double[] a = _wih.Times(x).Plus(_bih.Vector());
        double[] q = _whh.Times(masked).Plus(_bhh.Vector());
        double[] qn = q.Part(2, units);

        double[] r = a.Part(0, units).Plus(q.Part(0, units)).Map(Sigmoid);
        double[] z = a.Part(1, units).Plus(q.Part(1, units)).Map(Sigmoid);
        double[] n = a.Part(2, units).Plus(r.Times(qn)).Map(Math.Tanh);

        return (new ReferenceState(z.Map(y => 1 - y).Times(n).Plus(z.Times(h)), []), Backward);

        (double[], ReferenceState) Backward(ReferenceState d)
        {
            double[] dan = d.H.Times(z.Map(y => 1 - y)).Times(n.Map(y => 1 - y * y));
            double[] daz = d.H.Times(h.Plus(n.Map(y => -y))).Times(z.Map(y => y * (1 - y)));
            double[] dar = dan.Times(qn).Times(r.Map(y => y * (1 - y)));
            double[] da = [.. dar, .. daz, .. dan], dq = [.. dar, .. daz, .. dan.Times(r)];
            _bih.VectorBackward(da);
            _bhh.VectorBackward(dq);
            double[] dx = _wih.TimesBackward(x, da);
            double[] dh = _whh.TimesBackward(masked, dq).Times(mask).Plus(d.H.Times(z));
            return (dx, new ReferenceState(dh, []));
        }
    }
}
