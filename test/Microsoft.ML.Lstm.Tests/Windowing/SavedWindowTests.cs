using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Lstm.Tests.Windowing;

public class SavedWindowTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<string, string, string> Damages => new()
    {
        { "Settings", "null", "Settings is null" },
        { "Inputs", "null", "Inputs is null" },
        { "RecentRows", "null", "RecentRows is null" },
        { "Inputs", "[null, null]", "It has 2 inputs; expected 2, none of them null" },
        { "Inputs", "[]", "It has 0 inputs; expected 2" },
        { "Inputs/0/Name", "\"Else\"", "another column than the settings name" },
        { "Inputs/0/Size", "3", "An input has 3 values per row; expected 1" },
        { "Inputs/1/Size", "0", "An input has 0 values per row" },
        { "Inputs/1/Size", "2000000000", "An input has 2000000000 values per row" },
        { "Inputs/1/SlotNames", "null", "slot names" },
        { "Inputs/1/SlotNames", "[null]", "slot names" },
        { "Settings/InputColumnNames", "null", "inputColumnNames is empty" },
        { "Settings/InputColumnNames", "[null, null]", "inputColumnNames is a list with an empty name" },
        { "Settings/LabelInputColumnNames", "null", "labelInputColumnNames" },
        { "Settings/OutputColumnName", "null", "outputColumnName is empty" },
        { "Settings/WindowLength", "-5", "windowLength is -5" },
        { "Settings/WindowLength", "1000000000", "expected at most" },
        { "Settings/Horizon", "2147483647", "horizon is 2147483647" },
        { "Settings/Stride", "0", "stride is 0" },
        { "Settings/MissingValues", "17", "missingValues is 17" },
        { "Settings/Spacing", "{\"Length\": -3}", "Spacing is -3" },
        { "RecentRows", "{\"a\": null}", "series 'a' have 0 values; expected a multiple of 3" },
        { "RecentRows", "{\"a\": {\"Rows\": null}}", "series 'a' have 0 values" },
        { "RecentRows", "{\"a\": {\"Rows\": [1, 2]}}", "series 'a' have 2 values; expected a multiple of 3, at most 12" },
        { "RecentRows", "{\"a\": {\"Rows\": [1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]}}", "series 'a' have 15 values" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void Load_DamagedWindow_SaysWhatIsWrong(string path, string value, string expected)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(20));
        ITransformer window = _ml.Transforms.WindowSequence("Window", ["Value", "Pair"], 4, 2, "Next", groupColumnName: "Group", timeColumnName: "Time").Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(window, data.Schema, stream);
        Damage(stream, path, value);

        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(stream, out _));

        Assert.Contains(Chain(error), e => e is FormatException && e.Message.Contains(expected, StringComparison.Ordinal));
    }

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
            yield return e;
    }

    private static void Damage(MemoryStream stream, string path, string value)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true);
        ZipArchiveEntry entry = zip.Entries.Single(e => e.Name == "Window.json");
        string name = entry.FullName;
        JsonNode root;
        using (Stream read = entry.Open())
            root = JsonNode.Parse(read)!;
        string[] steps = path.Split('/');
        JsonNode parent = steps[..^1].Aggregate(root, (node, step) => int.TryParse(step, out int i) ? node[i]! : node[step]!);
        Assert.True(parent.AsObject().ContainsKey(steps[^1]));
        parent[steps[^1]] = JsonNode.Parse(value);
        entry.Delete();
        using var writer = new StreamWriter(zip.CreateEntry(name).Open());
        writer.Write(root.ToJsonString());
    }
}
