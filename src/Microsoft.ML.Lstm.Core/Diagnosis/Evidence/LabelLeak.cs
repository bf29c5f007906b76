namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>A place in the inputs that gives the label away.</summary>
/// <param name="Feature">The numeric input; null: the token.</param>
/// <param name="StepsBack">Steps before the last one, or before the label's own where every step has one; negative: after it.</param>
/// <param name="Unexplained">Part of the label's variance that this place leaves open.</param>
/// <param name="Context">Part of this place's own variance that the other steps leave open.</param>
internal sealed record LabelLeak(int? Feature, int StepsBack, double Unexplained, double Context);
