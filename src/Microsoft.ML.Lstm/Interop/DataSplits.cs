using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>Splits of data that only ML.NET itself can make.</summary>
internal static class DataSplits
{
    /// <summary>ML.NET's pair of train and test data.</summary>
    public static TrainTestData Create(IDataView train, IDataView test) => NewPair(train, test);

    /// <summary>The random folds of ML.NET's own cross-validations, which the environment's seed decides unless one is given.</summary>
    public static IReadOnlyList<TrainTestData> Folds(IHostEnvironment environment, IDataView data, int numberOfFolds, string? samplingKeyColumn, int? seed) =>
        NewCatalog(environment).CrossValidationSplit(data, numberOfFolds, samplingKeyColumn, seed);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern TrainTestData NewPair(IDataView trainSet, IDataView testSet);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern DataOperationsCatalog NewCatalog(IHostEnvironment env);
}
