using Microsoft.ML.Lstm.Rows;
using static Microsoft.ML.Lstm.Guard;

namespace Microsoft.ML.Lstm.Importance;

/// <summary>The network in a model, and rows as it reads them.</summary>
/// <typeparam name="TNetwork">What it is sought as.</typeparam>
/// <param name="Network">The network.</param>
/// <param name="Data">Rows with the columns that it reads.</param>
internal sealed record NetworkRows<TNetwork>(TNetwork Network, IDataView Data)
    where TNetwork : class, ITransformer
{
    // What every network of these tasks adds.
    private const string Score = "Score";

    /// <summary>
    /// Finds the last network of a model, and takes rows through the steps before it. Rows that have been scored already, such as ML.NET's
    /// own call wants them, are taken as they are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such network; says what there is.</exception>
    public static NetworkRows<TNetwork> Of(ITransformer model, IDataView data)
    {
        ITransformer[] steps = [.. TransformerSteps.Of(model)];
        int last = Array.FindLastIndex(steps, step => step is TNetwork);
        string found = steps.Length == 0 ? "an empty chain" : string.Join(", ", steps.Select(step => step.GetType().Name));
        RequireArgument(last >= 0, nameof(model), found, $"a {typeof(TNetwork).Name}, alone or in a chain");
        bool isScored = data.Schema.GetColumnOrNull(Score) is not null;
        IDataView rows = isScored ? data : steps[..last].Aggregate(data, (view, step) => step.Transform(view));
        return new NetworkRows<TNetwork>((TNetwork)steps[last], rows);
    }
}
