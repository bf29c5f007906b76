using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How many examples of each actual class (rows) were taken for each class (columns).</summary>
public sealed class ConfusionMatrix
{
    private readonly string[] _classNames;
    private readonly bool _isBinary;

    internal ConfusionMatrix(double[][] counts, IEnumerable<ReadOnlyMemory<char>> classNames, bool isBinary)
    {
        _classNames = [.. classNames.Select(n => n.ToString())];
        _isBinary = isBinary;
        NumberOfClasses = counts.Length;
        Counts = [.. counts.Select(row => (IReadOnlyList<double>)Array.AsReadOnly(row))];
        PerClassRecall = [.. counts.Select((row, i) => Share(row[i], row.Sum()))];
        PerClassPrecision = [.. counts.Select((row, i) => Share(row[i], counts.Sum(r => r[i])))];
    }

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses { get; }

    public string GetFormattedConfusionTable() => new ConfusionTable(this, _classNames, _isBinary).Format();

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        const string message = "Invalid index. Should be non-negative, less than the number of classes.";
        Contracts.CheckParam((uint)predictedClassIndicatorIndex < (uint)NumberOfClasses, nameof(predictedClassIndicatorIndex), message);
        Contracts.CheckParam((uint)actualClassIndicatorIndex < (uint)NumberOfClasses, nameof(actualClassIndicatorIndex), message);
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
