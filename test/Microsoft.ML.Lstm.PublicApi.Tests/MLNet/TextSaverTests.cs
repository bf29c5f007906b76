using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class TextSaverTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void SchemaAndHeaderComeFirst()
    {
        Assert.Equal(
            """
            #@ TextLoader{
            #@   header+
            #@   sep=tab
            #@   col=Name:TX:0
            #@   col=Value:R4:1
            #@   col=Pair:R8:2-3
            #@   col=Kind:U4[4]:4
            #@   col=Ok:BL:5
            #@ }
            Name	Value	""	""	Kind	Ok
            plain	1.5	1	2	3	1
            "a""b:c"	?	0	0.10000000000000001	0	0
            ""	-0.001	0	0	1	0

            """.ReplaceLineEndings("\n"),
            Save(Rows).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void SavedTextLoadsBackByItsOwnSchema()
    {
        File.WriteAllText(_path, Save(Rows));
        IDataView data = _ml.Data.LoadFromTextFile(_path);
        Assert.Equal(
            ["Name: String", "Value: Single", "Pair: Vector<Double, 2>", "Kind: Key<UInt32, 0-3>", "Ok: Boolean"],
            data.Schema.Select(c => $"{c.Name}: {c.Type}"));
        Assert.Equal([1.5f, float.NaN, -0.001f], data.GetColumn<float>("Value"));
        Assert.Equal([[1.0, 2.0], [0.0, 0.1], [0.0, 0.0]], data.GetColumn<double[]>("Pair"));
        Assert.Equal([4u, 1u, 2u], data.GetColumn<uint>("Kind"));
        Assert.Equal([true, false, false], data.GetColumn<bool>("Ok"));
    }

    [Fact]
    public void NamesWithSpecialCharactersAreBraced()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<Named>([new Named { Kind = 2, Values = [1, 2], Real = 0.5f }]);
        string text = Save(data);
        Assert.Equal(
            [
                "#@   col={name={the kind} type=U4 src=0 key=3}",
                "#@   col={name={a=b} type=I4 src=1-2}",
                "#@   col={name={x y} src=3}",
            ],
            text.ReplaceLineEndings("\n").Split('\n')[3..6]);
        File.WriteAllText(_path, text);
        IDataView loaded = _ml.Data.LoadFromTextFile(_path);
        Assert.Equal([3u], loaded.GetColumn<uint>("the kind"));
        Assert.Equal([[1, 2]], loaded.GetColumn<int[]>("a=b"));
        Assert.Equal([0.5f], loaded.GetColumn<float>("x y"));
    }

    [Fact]
    public void SeparatorSchemaAndHeaderCanBeChosen()
    {
        Assert.Equal("plain,1.5,1,2,3,1", Save(Rows, ',', header: false, schema: false).ReplaceLineEndings("\n").Split('\n')[0]);
        using var stream = new MemoryStream();
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.SaveAsText(Rows, stream, separatorChar: '#'));
    }

    [Fact]
    public void MostlyDefaultRowsAreSparseUnlessForcedDense()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<Wide>([new Wide { Values = [0, 0, 0, 7, 0, 0, 0, 0] }]);
        Assert.Equal("8\t3:7", Save(data, header: false, schema: false).TrimEnd());
        Assert.Equal("0\t0\t0\t7\t0\t0\t0\t0", Save(data, header: false, schema: false, dense: true).TrimEnd());
    }

    private IDataView Rows => _ml.Data.LoadFromEnumerable<Row>(
    [
        new Row { Name = "plain", Value = 1.5f, Pair = [1, 2], Kind = 3, Ok = true },
        new Row { Name = "a\"b:c", Value = float.NaN, Pair = [0, 0.1], Kind = 0 },
        new Row { Name = "", Value = -0.001f, Pair = [0, 0], Kind = 1 },
    ]);

    private string Save(IDataView data, char separator = '\t', bool header = true, bool schema = true, bool dense = false)
    {
        using var stream = new MemoryStream();
        _ml.Data.SaveAsText(data, stream, separator, header, schema, forceDense: dense);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private sealed class Row
    {
        public string Name { get; set; } = "";

        public float Value { get; set; }

        [VectorType(2)]
        public double[] Pair { get; set; } = [];

        [KeyType(4)]
        public uint Kind { get; set; }

        public bool Ok { get; set; }
    }

    private sealed class Named
    {
        [ColumnName("the kind")]
        [KeyType(3)]
        public uint Kind { get; set; }

        [ColumnName("a=b")]
        [VectorType(2)]
        public int[] Values { get; set; } = [];

        [ColumnName("x y")]
        public float Real { get; set; }
    }

    private sealed class Wide
    {
        [VectorType(8)]
        public float[] Values { get; set; } = [];
    }
}
