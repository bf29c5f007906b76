namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>
/// A column of covariates as values: a number is one, a vector as many as it has, a key one for each of its values, of which one is 1 (a linear layer over them is an
/// embedding). Saved with the model.
/// </summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Size">Values of a row.</param>
/// <param name="IsKey">Whether it is a key.</param>
internal sealed record Covariate(string Name, int Size, bool IsKey);
