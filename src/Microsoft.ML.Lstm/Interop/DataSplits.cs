using System.Runtime.CompilerServices;
using static Microsoft.ML.DataOperationsCatalog;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>Creates ML.NET's pair of train and test data, which only ML.NET itself can.</summary>
internal static class DataSplits
{
    /// <summary>The pair.</summary>
    public static TrainTestData Create(IDataView train, IDataView test) => NewPair(train, test);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern TrainTestData NewPair(IDataView trainSet, IDataView testSet);
}
