using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>
/// The environment behind a catalog: what an extension method on a catalog needs to create its component. ML.NET gives it to its
/// own assemblies only, by an explicit implementation of an internal interface; an accessor finds an implementation on the very
/// class that declares it, hence one accessor for each. The environment got so is not the user's MLContext: never cast it.
/// </summary>
internal static class CatalogEnvironment
{
    private const string GetEnvironmentMethod = "Microsoft.ML.Data.IInternalCatalog.get_Environment";

    /// <summary>The environment of a task: <c>ml.Regression</c>, <c>ml.Forecasting</c> and the like.</summary>
    public static IHostEnvironment GetEnvironment(this TrainCatalogBase catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return EnvironmentOf(catalog);
    }

    /// <summary>The environment of a task's trainers: <c>ml.Regression.Trainers</c> and the like.</summary>
    public static IHostEnvironment GetEnvironment(this TrainCatalogBase.CatalogInstantiatorBase trainers)
    {
        ArgumentNullException.ThrowIfNull(trainers);
        return EnvironmentOf(trainers);
    }

    /// <summary>The environment of <c>ml.Transforms</c>.</summary>
    public static IHostEnvironment GetEnvironment(this TransformsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return EnvironmentOf(catalog);
    }

    /// <summary>The environment of <c>ml.Transforms.Text</c>.</summary>
    public static IHostEnvironment GetEnvironment(this TransformsCatalog.TextTransforms catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return EnvironmentOf(catalog);
    }

    /// <summary>The environment of <c>ml.Data</c>.</summary>
    public static IHostEnvironment GetEnvironment(this DataOperationsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return EnvironmentOf(catalog);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = GetEnvironmentMethod)]
    private static extern IHostEnvironment EnvironmentOf(TrainCatalogBase catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = GetEnvironmentMethod)]
    private static extern IHostEnvironment EnvironmentOf(TrainCatalogBase.CatalogInstantiatorBase trainers);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = GetEnvironmentMethod)]
    private static extern IHostEnvironment EnvironmentOf(TransformsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = GetEnvironmentMethod)]
    private static extern IHostEnvironment EnvironmentOf(TransformsCatalog.TextTransforms catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = GetEnvironmentMethod)]
    private static extern IHostEnvironment EnvironmentOf(DataOperationsCatalog catalog);
}
