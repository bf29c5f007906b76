using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>ML.NET's statistics of metrics, which only ML.NET itself can make and add to.</summary>
internal static class MetricChanges
{
    /// <summary>Empty statistics of a regression's metrics.</summary>
    public static RegressionMetricsStatistics Regression() => NewRegression();

    /// <summary>Empty statistics of a binary classification's metrics.</summary>
    public static BinaryClassificationMetricsStatistics Binary() => NewBinary();

    /// <summary>Empty statistics of a multiclass classification's metrics, those of each class among them.</summary>
    public static MulticlassClassificationMetricsStatistics Multiclass(int classes)
    {
        MulticlassClassificationMetricsStatistics statistics = NewMulticlass();
        SetPerClassLogLoss(statistics, [.. Enumerable.Range(0, classes).Select(_ => NewMetric())]);
        return statistics;
    }

    /// <summary>Adds an observation.</summary>
    public static void Add(MetricStatistics statistics, double change) => AddTo(statistics, change);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern RegressionMetricsStatistics NewRegression();

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern BinaryClassificationMetricsStatistics NewBinary();

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern MulticlassClassificationMetricsStatistics NewMulticlass();

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern MetricStatistics NewMetric();

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PerClassLogLoss")]
    private static extern void SetPerClassLogLoss(MulticlassClassificationMetricsStatistics statistics,
        IReadOnlyList<MetricStatistics> perClass);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "Add")]
    private static extern void AddTo(MetricStatistics statistics, double metric);
}
