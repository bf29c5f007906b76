using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.SavedModels;

/// <summary>Models that earlier versions saved must load for ever, and what no version saved must not load at all.</summary>
public sealed class SavedTransformersTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("lstm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_WindowOfVersion1_SlidesAsItDid()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new Point { Value = i, Shop = i % 2 == 0 ? "a" : "b" }));
        IDataView windows = _ml.Model.Load(Fixture("window-v1.zip"), out _).Transform(data);
        float[][] window = [.. windows.GetColumn<float[]>("Window")], next = [.. windows.GetColumn<float[]>("Next")];
        // 15 values of each shop make windows of 4 and a label of 2 from every second row on.
        Assert.Equal(10, window.Length);
        Assert.Contains(window, w => w.SequenceEqual([0f, 2, 4, 6]));
        Assert.Contains(next, n => n.SequenceEqual([8f, 10]));
        Assert.Contains(window, w => w.SequenceEqual([5f, 7, 9, 11]));
    }

    [Fact]
    public void Load_EmbedSequenceOfVersion1_GivesItsVectors()
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Text { Words = ["the", "dog", "cat"] }]);
        float[] vectors = _ml.Model.Load(Fixture("embed-v1.zip"), out _).Transform(data).GetColumn<float[]>("Vectors").Single();
        Assert.Equal([1f, 2, 0, 0, -1, 0.5f], vectors);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"Settings":null,"RecentRows":null}""")]
    [InlineData("""{"Settings":{"OutputColumnName":null,"InputColumnNames":null,"WindowLength":4},"RecentRows":{}}""")]
    [InlineData("""{"Settings":{"OutputColumnName":"W","InputColumnNames":["Value"],"WindowLength":-2147483648},"RecentRows":{}}""")]
    [InlineData("""{"Settings":{"OutputColumnName":"W","InputColumnNames":["Value"],"WindowLength":4,"Horizon":2000000000,"LabelColumnName":"L"},"RecentRows":{}}""")]
    [InlineData("""{"Settings":{"OutputColumnName":"W","InputColumnNames":[null],"WindowLength":4},"RecentRows":{}}""")]
    [InlineData("""{"Settings":{"OutputColumnName":"W","InputColumnNames":["Value"],"WindowLength":1e999},"RecentRows":{}}""")]
    public void Load_WindowThatNoVersionSaves_ThrowsFormatExceptionNamingTheEntry(string json)
    {
        string path = Path.Combine(_folder, "window.zip");
        File.Copy(Fixture("window-v1.zip"), path);
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            ZipArchiveEntry old = zip.Entries.Single(entry => entry.Name == "Window.json");
            string name = old.FullName;
            old.Delete();
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(json);
        }

        Exception? error = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(path, out _));
        while (error is not null and not FormatException)
            error = error.InnerException;

        Assert.Contains("'Window.json'", Assert.IsType<FormatException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveAtomically_OverAnOldModel_ReplacesItAndLeavesNothingBeside()
    {
        string path = Path.Combine(_folder, "model.zip");
        File.WriteAllText(path, "old");
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new Point { Value = i }));
        _ml.Model.SaveAtomically(_ml.Transforms.WindowSequence("Window", ["Value"], 4).Fit(data), data.Schema, path);
        Assert.NotNull(_ml.Model.Load(path, out _));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void SaveAtomically_ThatFails_LeavesTheOldModel()
    {
        string path = Path.Combine(_folder, "model.zip");
        File.WriteAllText(path, "old");
        Assert.ThrowsAny<Exception>(() => _ml.Model.SaveAtomically(new CannotBeSaved(), null, path));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "Fixtures", name);

    private sealed class Point
    {
        public float Value { get; set; }

        public string Shop { get; set; } = "";
    }

    private sealed class Text
    {
        public string[] Words { get; set; } = [];
    }

    private sealed class CannotBeSaved : ITransformer
    {
        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

        public void Save(ModelSaveContext ctx) => throw new InvalidOperationException("It has nothing to save.");

        public IDataView Transform(IDataView input) => input;
    }
}
