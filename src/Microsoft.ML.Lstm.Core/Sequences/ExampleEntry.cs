namespace Microsoft.ML.Lstm.Sequences;

/// <summary>Where one example lies in the stores of a dataset.</summary>
/// <param name="Length">T, its steps.</param>
/// <param name="Features">First row of its features.</param>
/// <param name="Tokens">First of its tokens.</param>
/// <param name="Targets">First of its target numbers.</param>
/// <param name="Classes">First of its classes.</param>
/// <param name="Weight">What it counts.</param>
/// <param name="Series">The series that it was cut from.</param>
/// <param name="Number">Its place in the order in which examples were added, those of all processes together.</param>
internal readonly record struct ExampleEntry(int Length, int Features, int Tokens, int Targets, int Classes, float Weight, int Series = 0,
    int Number = 0);
