using System.Runtime.CompilerServices;
using static Microsoft.ML.TrainCatalogBase;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>Creates what ML.NET's cross-validation gives for a fold, which only ML.NET itself can.</summary>
internal static class CrossValidationResults
{
    /// <summary>The result of a fold.</summary>
    public static CrossValidationResult<T> Create<T>(ITransformer model, T metrics, IDataView scoredHoldOutSet, int fold)
        where T : class => Accessor<T>.New(model, metrics, scoredHoldOutSet, fold);

    // The runtime wants the accessor of a generic class's member to be generic in the same way.
    private static class Accessor<T>
        where T : class
    {
        [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
        public static extern CrossValidationResult<T> New(ITransformer model, T metrics, IDataView scores, int fold);
    }
}
