using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class ModelFileTests
{
    private const string ChainKey = "TransformerChain/Model.key";
    private readonly MLContext _ml = new(seed: 1);

    private MemoryStream Save(ITransformer model, DataViewSchema? schema)
    {
        var stream = new MemoryStream();
        _ml.Model.Save(model, schema, stream);
        stream.Position = 0;
        return stream;
    }

    private static TransformerChain<ITransformer> Nested()
        => new(new TransformerChain<ITransformer>(), new TransformerChain<ITransformer>());

    [Fact]
    public void AChainComesBackWithItsPartsAndItsInputSchema()
    {
        DataViewSchema schema = _ml.Data.LoadFromEnumerable(Reading.Many(1)).Schema;
        ITransformer loaded = new MLContext().Model.Load(Save(Nested(), schema), out DataViewSchema inputSchema);

        var chain = Assert.IsType<TransformerChain<ITransformer>>(loaded);
        Assert.Equal(2, chain.Count());
        Assert.IsType<TransformerChain<ITransformer>>(chain.LastTransformer);
        Assert.Equal(schema.Select(c => c.Name), inputSchema.Select(c => c.Name));
        Assert.Equal(schema.Select(c => c.Type), inputSchema.Select(c => c.Type));
    }

    [Fact]
    public void TheInputSchemaKeepsItsAnnotations()
    {
        VBuffer<ReadOnlyMemory<char>> names = new(2, ["one".AsMemory(), "two".AsMemory()]);
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add("KeyValues", new VectorDataViewType(TextDataViewType.Instance, 2),
            (ref VBuffer<ReadOnlyMemory<char>> value) => names.CopyTo(ref value));
        var builder = new DataViewSchema.Builder();
        builder.AddColumn("Label", new KeyDataViewType(typeof(uint), 2), annotations.ToAnnotations());
        _ml.Model.Load(Save(Nested(), builder.ToSchema()), out DataViewSchema inputSchema);

        Assert.True(inputSchema["Label"].HasKeyValues());
        VBuffer<ReadOnlyMemory<char>> back = default;
        inputSchema["Label"].GetKeyValues(ref back);
        Assert.Equal(["one", "two"], back.DenseValues().Select(n => n.ToString()));
    }

    [Fact]
    public void AModelFileIsAZipOfKnownEntries()
    {
        using var archive = new ZipArchive(Save(Nested(), _ml.Data.LoadFromEnumerable(Reading.Many(1)).Schema));
        string[] entries = [.. archive.Entries.Select(e => e.FullName.Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["Schema", "TrainingInfo/Version.txt", ChainKey,
                "TransformerChain/Transform_000/Model.key", "TransformerChain/Transform_001/Model.key"],
            entries);
    }

    [Fact]
    public void AModelIsSavedToAndLoadedFromAPath()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.zip");
        try
        {
            _ml.Model.Save(Nested(), null, path);
            ITransformer loaded = _ml.Model.Load(path, out DataViewSchema inputSchema);
            Assert.Equal(2, Assert.IsType<TransformerChain<ITransformer>>(loaded).Count());
            Assert.Null(inputSchema);
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Throws<FileNotFoundException>(() => _ml.Model.Load(path, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Model.Load("", out _));
    }

    [Fact]
    public void WhatIsNoZipIsAFormatError()
    {
        var stream = new MemoryStream(Encoding.UTF8.GetBytes("Month,Sunspots\n1749-01,96.7\n"));
        Assert.Throws<FormatException>(() => _ml.Model.Load(stream, out _));
    }

    [Fact]
    public void AZipWithoutAModelIsRefused()
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            archive.CreateEntry("readme.txt").Open().Dispose();
        stream.Position = 0;
        Assert.Throws<InvalidOperationException>(() => _ml.Model.Load(stream, out _));
    }

    // Positions in the header of Model.key: the oldest reader that can read it, the file's own mark, the name of the loader.
    [Theory]
    [InlineData(0x0C, 0x7F, "Corrupt file header")]
    [InlineData(0x00, 0x00, "Wrong file type")]
    [InlineData(0x50, 0x58, "Couldn't load model")]
    public void ADamagedHeaderIsAFormatError(int position, byte value, string message)
    {
        MemoryStream stream = Save(Nested(), null);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = archive.Entries.Single(e => e.FullName.Replace('\\', '/') == ChainKey);
            using Stream content = entry.Open();
            content.Position = position;
            content.WriteByte(value);
        }
        stream.Position = 0;
        Assert.Contains(message, Assert.Throws<FormatException>(() => _ml.Model.Load(stream, out _)).Message);
    }

    [Fact]
    public void AModelFromANewerFormatIsRefused()
    {
        MemoryStream stream = Save(Nested(), null);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            using Stream content = archive.Entries.Single(e => e.FullName.Replace('\\', '/') == ChainKey).Open();
            content.Position = 0x08;
            content.Write([9, 0, 9, 0, 9, 0, 9, 0]);
        }
        stream.Position = 0;
        Assert.Contains("too new", Assert.Throws<FormatException>(() => _ml.Model.Load(stream, out _)).Message);
    }
}
