namespace Microsoft.ML.Lstm.Models;

/// <summary>What a regression model's values are.</summary>
/// <param name="Size">Values per sequence; 0 where each step has its own.</param>
/// <param name="IsScalar">Whether it is a single value, not a vector of one.</param>
/// <param name="SlotNames">Names of the values of a vector; none where each step has its own.</param>
/// <param name="IsDifference">
/// In files of version 1: whether outputs are differences from the first number of the last step. Later ones say so in their window transform.
/// </param>
/// <param name="IsEveryStep">Whether each step has a value, so that their number varies.</param>
internal sealed record ScoreValues(int Size, bool IsScalar, IReadOnlyList<string> SlotNames, bool IsDifference, bool IsEveryStep);
