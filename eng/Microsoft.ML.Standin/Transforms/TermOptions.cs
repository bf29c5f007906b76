namespace Microsoft.ML.Transforms;

/// <summary>Which of the values of a column become keys, and how the keys are named.</summary>
internal sealed record TermOptions(
    int MaximumNumberOfKeys, ValueToKeyMappingEstimator.KeyOrdinality Ordinality, bool AddKeyValueAnnotationsAsText);
