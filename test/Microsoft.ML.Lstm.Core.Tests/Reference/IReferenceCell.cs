namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>Gradients of a step's input and previous state from that of its new state; accumulates those of the parameters.</summary>
internal delegate (double[] Dx, ReferenceState DPrevious) StepBackward(ReferenceState dNext);

/// <summary>One step of a recurrence for one sequence, returned together with its backward step.</summary>
internal interface IReferenceCell
{
    /// <param name="x">Input [I].</param>
    /// <param name="previous">State before the step [H].</param>
    /// <param name="mask">Recurrent dropout's factors on h where it enters the recurrent product [H].</param>
    (ReferenceState Next, StepBackward Backward) Step(double[] x, ReferenceState previous, double[] mask);
}
