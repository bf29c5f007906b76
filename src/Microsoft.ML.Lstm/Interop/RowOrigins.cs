using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Interop;

/// <summary>
/// What was done to the rows of a data view on their way, as far as ML.NET's own views tell. A cache, a view made by <c>LoadFromEnumerable</c> or
/// by others, and what was done before data was saved, do not tell.
/// </summary>
internal static class RowOrigins
{
    private const string Filter = "RangeFilter", Draw = "GenerateNumberTransform";

    private static readonly Dictionary<string, string> Scattering = new()
    {
        ["RowShufflingTransformer"] = "ShuffleRows",
        ["BootstrapSamplingTransformer"] = "BootstrapSample",
        ["NAFilter"] = "FilterRowsByMissingValues",
        [Filter] = "FilterRowsByColumn, TrainTestSplit or CrossValidate",
    };

    /// <summary>Warns when rows that make a series were shuffled, drawn or filtered.</summary>
    public static void WarnOfScatteredRows(IHost host, IDataView data, string column)
    {
        if (Chain(data).Select(view => Scattering.GetValueOrDefault(view.GetType().Name)).FirstOrDefault(name => name is not null) is not { } what)
            return;
        using IChannel channel = host.Start("Windowing");
        channel.Warning(MessageSensitivity.Schema,
            Invariant($"Rows of the series '{column}' were filtered or shuffled ({what}) before windows are cut from them, so rows that follow each other may not be neighbours in ")
            + "time. Split by Data.ChronologicalSplit or Data.RollingOriginSplit; filter after WindowSequence, or by its missingValues; timeColumnName makes holes known.");
    }

    /// <summary>Whether rows were drawn at random, as TrainTestSplit and CrossValidate do.</summary>
    public static bool AreRandom(IDataView data)
    {
        IDataView[] chain = [.. Chain(data)];
        return chain.Zip(chain.Skip(1)).Any(pair => pair.First.GetType().Name == Filter && pair.Second.GetType().Name == Draw);
    }

    // What our own transformers made is another kind of row: how those before it came about was looked at when they were read.
    private static IEnumerable<IDataView> Chain(IDataView data)
    {
        for (IDataView? view = data; view is not null; view = view is ConvertibleDataView ? null : (view as IDataTransform)?.Source)
            yield return view;
    }
}
