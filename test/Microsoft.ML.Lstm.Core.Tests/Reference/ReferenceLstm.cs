using static Microsoft.ML.Lstm.Core.Tests.Reference.Vectors;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>
/// LSTM, gates in the order i, f, g, o:
/// <code>
/// a = LN(W_ih x; norm_ih) + b_ih + LN(W_hh (m ⊙ h); norm_hh) + b_hh      (LN only when normalised)
/// i = σ(a_i)   f = σ(a_f)   g = tanh(a_g)   o = σ(a_o)
/// c' = f ⊙ c + i ⊙ g
/// h' = o ⊙ tanh(LN(c'; norm_c) + norm_c_bias)
/// </code>
/// </summary>
internal sealed class ReferenceLstm(Func<string, Parameter?> parameter) : IReferenceCell
{
    private readonly Parameter _wih = parameter("weight_ih")!, _whh = parameter("weight_hh")!;
    private readonly Parameter _bih = parameter("bias_ih")!, _bhh = parameter("bias_hh")!;
    private readonly Parameter? _normIh = parameter("norm_ih"), _normHh = parameter("norm_hh");
    private readonly Parameter? _normC = parameter("norm_c"), _normCBias = parameter("norm_c_bias");

    public (ReferenceState Next, StepBackward Backward) Step(double[] x, ReferenceState previous, double[] mask)
    {
        int units = previous.H.Length;
        double[] masked = previous.H.Times(mask);
        (double[] u, Func<double[], double[]> uBackward) = ReferenceNorm.Apply(_wih.Times(x), units, _normIh);
        (double[] v, Func<double[], double[]> vBackward) = ReferenceNorm.Apply(_whh.Times(masked), units, _normHh);
        double[] a = u.Plus(_bih.Vector()).Plus(v).Plus(_bhh.Vector());

        double[] i = a.Part(0, units).Map(Sigmoid), f = a.Part(1, units).Map(Sigmoid);
        double[] g = a.Part(2, units).Map(Math.Tanh), o = a.Part(3, units).Map(Sigmoid);
        double[] c = f.Times(previous.C).Plus(i.Times(g));
        (double[] n, Func<double[], double[]> nBackward) = ReferenceNorm.Apply(c, units, _normC);
        double[] s = (_normCBias is null ? n : n.Plus(_normCBias.Vector())).Map(Math.Tanh);

        return (new ReferenceState(o.Times(s), c), Backward);

        (double[], ReferenceState) Backward(ReferenceState d)
        {
            double[] dn = d.H.Times(o).Times(s.Map(y => 1 - y * y));
            _normCBias?.VectorBackward(dn);
            double[] dc = d.C.Plus(nBackward(dn));
            double[] da =
            [
                .. dc.Times(g).Times(i.Map(y => y * (1 - y))),
                .. dc.Times(previous.C).Times(f.Map(y => y * (1 - y))),
                .. dc.Times(i).Times(g.Map(y => 1 - y * y)),
                .. d.H.Times(s).Times(o.Map(y => y * (1 - y))),
            ];
            _bih.VectorBackward(da);
            _bhh.VectorBackward(da);
            double[] dx = _wih.TimesBackward(x, uBackward(da));
            double[] dh = _whh.TimesBackward(masked, vBackward(da)).Times(mask);
            return (dx, new ReferenceState(dh, dc.Times(f)));
        }
    }
}
