using Microsoft.ML.Lstm.Randomness;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>
/// Examples cut to one length for the search for leaks: some steps of each, in a matrix [rows, steps · features], beside the label. With one
/// label per example the steps end at its last; with a label per step they lie around the label's.
/// </summary>
internal sealed class LeakWindows
{
    // The search multiplies rows, columns and targets: some milliseconds.
    private const int WorkLimit = 4_000_000;
    private const int MostRows = 512, MostColumns = 8192, MostTargets = 8, MostRadius = 8;

    /// <summary>Fewer rows can correlate by chance.</summary>
    public const int FewestRows = 32;

    private readonly Dictionary<int, int> _groups = [];

    private LeakWindows(int rows, int steps, int features, int targets)
    {
        (Steps, FeatureSize, TargetSize) = (steps, features, targets);
        (Features, Tokens) = (new float[rows, steps * features], new int[rows, steps]);
        (Targets, Classes, Groups) = (new float[rows, targets], new int[rows], new int[rows]);
    }

    /// <summary>Rows cut; those without a label are left out.</summary>
    public int Rows { get; private set; }

    /// <summary>Steps of a row.</summary>
    public int Steps { get; }

    /// <summary>Numbers per step.</summary>
    public int FeatureSize { get; }

    /// <summary>Numeric labels looked at; 0 for classes.</summary>
    public int TargetSize { get; }

    /// <summary>Whether the steps have tokens.</summary>
    public bool HasTokens { get; private init; }

    /// <summary>The step that <see cref="LabelLeak.StepsBack"/> counts from.</summary>
    public int Anchor { get; private init; }

    /// <summary>Steps in which the label must not be: first and last.</summary>
    public (int First, int Last) Suspects { get; private init; }

    /// <summary>Numbers, [rows, steps · features].</summary>
    public float[,] Features { get; }

    /// <summary>Tokens, [rows, steps].</summary>
    public int[,] Tokens { get; }

    /// <summary>Numeric labels, [rows, targets].</summary>
    public float[,] Targets { get; }

    /// <summary>Classes, [rows].</summary>
    public int[] Classes { get; }

    /// <summary>Which of the classes found, in the order of finding, each row is of: [rows].</summary>
    public int[] Groups { get; }

    /// <summary>Classes found.</summary>
    public int GroupCount => _groups.Count;

    /// <summary>Cuts the windows; null when the examples are too few or too short.</summary>
    /// <param name="dataset">The examples.</param>
    /// <param name="bidirectional">Whether the network sees the steps after a label.</param>
    /// <param name="random">Draws the rows.</param>
    public static LeakWindows? Of(SequenceDataset dataset, bool bidirectional, RandomStream random)
    {
        SequenceShape shape = dataset.Shape;
        int shortest = int.MaxValue;
        for (int example = 0; example < dataset.Count; example++)
            shortest = Math.Min(shortest, dataset.Length(example));
        if (dataset.Count == 0 || shape.Target == TargetKind.None || dataset.StepCount < FewestRows)
            return null;
        int radius = Math.Min(MostRadius, (shortest - 1) / 2);
        int mostSteps = Math.Max(1, MostColumns / Math.Max(1, shape.FeatureSize));
        int steps = shape.TargetEveryStep ? (2 * radius) + 1 : Math.Min(shortest, mostSteps);
        int targets = shape.Target == TargetKind.Numbers ? Math.Min(MostTargets, shape.TargetSize) : 0;
        int rows = Math.Clamp(WorkLimit / (steps * Math.Max(1, shape.FeatureSize) * Math.Max(1, targets)), 2 * FewestRows, MostRows);
        bool all = !shape.TargetEveryStep && dataset.Count <= rows;
        var windows = new LeakWindows(all ? dataset.Count : rows, steps, shape.FeatureSize, targets)
        {
            HasTokens = shape.HasTokens,
            Anchor = shape.TargetEveryStep ? radius : steps - 1,
            Suspects = !shape.TargetEveryStep ? (0, steps - 1) : (radius, bidirectional ? Math.Min(radius + 1, steps - 1) : radius),
        };
        for (int row = 0; row < windows.Targets.GetLength(0); row++)
        {
            int example = all ? row : random.NextInt(dataset.Count), length = dataset.Length(example);
            int first = shape.TargetEveryStep ? random.NextInt(length - steps + 1) : length - steps;
            windows.Add(dataset, example, first);
        }
        return windows.Rows >= FewestRows ? windows : null;
    }

    private void Add(SequenceDataset dataset, int example, int first)
    {
        bool everyStep = dataset.Shape.TargetEveryStep;
        int label = everyStep ? first + Anchor : 0;
        if (TargetSize == 0 && dataset.Classes(example)[label] < 0)
            return;
        int row = Rows++;
        ReadOnlySpan<float> features = dataset.Features(example)[(first * FeatureSize)..];
        for (int i = 0; i < Steps * FeatureSize; i++)
            Features[row, i] = features[i];
        for (int i = 0; HasTokens && i < Steps; i++)
            Tokens[row, i] = dataset.Tokens(example)[first + i];
        int size = dataset.Shape.TargetSize;
        // Evenly over the targets, the first and the last among them.
        for (int j = 0; j < TargetSize; j++)
            Targets[row, j] = dataset.Targets(example)[(label * size) + (TargetSize == 1 ? 0 : j * (size - 1) / (TargetSize - 1))];
        if (TargetSize > 0)
            return;
        Classes[row] = dataset.Classes(example)[label];
        _groups.TryAdd(Classes[row], GroupCount);
        Groups[row] = _groups[Classes[row]];
    }
}
