using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class TextLoaderTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void AttributesNameTheFieldsOfEachMember()
    {
        string path = Write("Month,A,B,C,Name,Ok", "1749.5,1,2,3,sun,1", "1750,4,5,6,moon,false");
        IDataView data = _ml.Data.LoadFromTextFile<Observation>(path, ',', hasHeader: true);
        Observation[] rows = [.. _ml.Data.CreateEnumerable<Observation>(data, reuseRowObject: false)];
        Assert.Equal([1749.5f, 1750f], rows.Select(r => r.Month));
        Assert.Equal([4f, 5f, 6f], rows[1].Values);
        Assert.Equal("moon", rows[1].Name);
        Assert.Equal([true, false], rows.Select(r => r.Ok));
        Assert.Equal("Vector<Single, 3>", data.Schema["Values"].Type.ToString());
        Assert.Null(data.GetRowCount());
        Assert.False(data.CanShuffle);
    }

    [Fact]
    public void MemberWithoutAttributeIsAnError()
    {
        string path = Write("1");
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Data.LoadFromTextFile<Unmarked>(path));
        Assert.Contains("Value", error.Message);
    }

    [Fact]
    public void MissingFileIsAnErrorAtOnce()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Data.LoadFromTextFile<Observation>(Path.Combine(_folder, "none.csv")));
        Assert.Equal("path", error.ParamName);
    }

    [Fact]
    public void RealsThatAreMissingOrNoNumbersBecomeNaN()
    {
        string path = Write("?", "NaN", "NA", "n/a", "abc", "1e3", "-Infinity", " 2.5 ", "5x", "+.5", "infinity", "\t2.5");
        Assert.Equal(
            [float.NaN, float.NaN, float.NaN, float.NaN, float.NaN, 1000f, float.NegativeInfinity, 2.5f, float.NaN, 0.5f, float.NaN,
             float.NaN],
            _ml.Data.LoadFromTextFile(path, [new("X", DataKind.Single, 0)], ';').GetColumn<float>("X"));
    }

    [Fact]
    public void EmptyAndAbsentFieldsAreZeroUnlessAskedForNaN()
    {
        string path = Write("1,,3", "4");
        TextLoader.Column[] columns = [new("V", DataKind.Single, 0, 2), new("I", DataKind.Int32, 1), new("T", DataKind.String, 2)];
        var options = new TextLoader.Options { Columns = columns, Separators = [','] };
        IDataView zeros = _ml.Data.LoadFromTextFile(path, options);
        Assert.Equal([[1f, 0f, 3f], [4f, 0f, 0f]], zeros.GetColumn<float[]>("V"));
        Assert.Equal([0, 0], zeros.GetColumn<int>("I"));
        Assert.Equal(["3", ""], zeros.GetColumn<string>("T"));
        options.MissingRealsAsNaNs = true;
        Assert.Equal([[1f, float.NaN, 3f], [4f, float.NaN, float.NaN]], _ml.Data.LoadFromTextFile(path, options).GetColumn<float[]>("V"));
    }

    [Fact]
    public void IntegerThatCannotBeReadIsAnError()
    {
        string path = Write("7", "-8", "1.5");
        var error = Assert.Throws<FormatException>(() => Load(path, DataKind.Int32).GetColumn<int>("X").ToArray());
        Assert.Contains("Could not parse value 1.5 in line 3, column X", error.Message);
        Assert.Equal([7, -8], Load(Write("7", "-8"), DataKind.Int32).GetColumn<int>("X"));
    }

    [Fact]
    public void TruthValuesHaveManySpellings()
    {
        string path = Write("true", "T", "yes", "+", "1", "FALSE", "n", "0", "-1", "no");
        Assert.Equal([true, true, true, true, true, false, false, false, false, false], Load(path, DataKind.Boolean).GetColumn<bool>("X"));
    }

    [Fact]
    public void KeysAreReadFromTheirZeroBasedNumber()
    {
        string path = Write("0", "2", "3", "?", "x");
        TextLoader.Column[] columns = [new("K", DataKind.UInt32, [new TextLoader.Range(0)], new KeyCount(3))];
        IDataView data = _ml.Data.LoadFromTextFile(path, columns);
        Assert.Equal([1u, 3u, 0u, 0u, 0u], data.GetColumn<uint>("K"));
        Assert.Equal("Key<UInt32, 0-2>", data.Schema["K"].Type.ToString());
    }

    [Fact]
    public void QuotesKeepSeparatorsAndDoubledQuotes()
    {
        string path = Write("\"a,b\",\"say \"\"no\"\"\"  ,  c ", "\"open,1,2", "\"x\"y,\"\",z");
        TextLoader.Column[] columns = [new("A", DataKind.String, 0), new("B", DataKind.String, 1), new("C", DataKind.String, 2)];
        IDataView data = _ml.Data.LoadFromTextFile(path, columns, ',', allowQuoting: true);
        Assert.Equal(["a,b", "", ""], data.GetColumn<string>("A"));
        Assert.Equal(["say \"no\"", "", ""], data.GetColumn<string>("B"));
        Assert.Equal(["c ", "", "z"], data.GetColumn<string>("C"));
        IDataView raw = _ml.Data.LoadFromTextFile(path, columns, ',');
        Assert.Equal("\"a", raw.GetColumn<string>("A").First());
    }

    [Fact]
    public void QuotedFieldsCanSpanLines()
    {
        string path = Write("\"first", "second\",1", "plain,2");
        var options = new TextLoader.Options
        {
            Columns = [new("T", DataKind.String, 0), new("N", DataKind.Single, 1)],
            Separators = [','],
            AllowQuoting = true,
            ReadMultilines = true,
        };
        IDataView data = _ml.Data.LoadFromTextFile(path, options);
        Assert.Equal(["first\nsecond", "plain"], data.GetColumn<string>("T"));
        Assert.Equal([1f, 2f], data.GetColumn<float>("N"));
    }

    [Fact]
    public void TrimmingIsAtTheEndOfTheLine()
    {
        string path = Write("a  ,  b \t ");
        TextLoader.Column[] columns = [new("A", DataKind.String, 0), new("B", DataKind.String, 1)];
        Assert.Equal("b \t ", _ml.Data.LoadFromTextFile(path, columns, ',').GetColumn<string>("B").Single());
        IDataView trimmed = _ml.Data.LoadFromTextFile(path, columns, ',', trimWhitespace: true);
        Assert.Equal("a  ", trimmed.GetColumn<string>("A").Single());
        Assert.Equal("b", trimmed.GetColumn<string>("B").Single());
    }

    [Fact]
    public void CommentsAndBlankLinesAreSkippedAndEveryFileHasAHeader()
    {
        File.WriteAllText(Path.Combine(_folder, "a.csv"), "# comment\n\n// another\nX\n1\n// inside\n\n#2\n");
        File.WriteAllText(Path.Combine(_folder, "b.csv"), "X\n3\n");
        IDataView data = _ml.Data.LoadFromTextFile(Path.Combine(_folder, "*.csv"), [new("X", DataKind.String, 0)], hasHeader: true);
        Assert.Equal(["1", "#2", "3"], data.GetColumn<string>("X").Order(StringComparer.Ordinal).OrderBy(x => x.TrimStart('#')));
    }

    [Fact]
    public void OneLoaderReadsSeveralFilesInOrder()
    {
        string first = Write("1", "2");
        string second = Path.Combine(_folder, "second.txt");
        File.WriteAllText(second, "3\n");
        TextLoader loader = _ml.Data.CreateTextLoader([new("X", DataKind.Single, 0)]);
        Assert.Equal([3f, 1f, 2f], loader.Load(second, first).GetColumn<float>("X"));
        Assert.Equal("X", Assert.Single(loader.GetOutputSchema()).Name);
    }

    [Fact]
    public void VectorsCanJoinRangesAndTakeTheirSlotNamesFromTheHeader()
    {
        string path = Write("a;b;c;d", "1;2;3;4");
        var options = new TextLoader.Options
        {
            Columns =
            [
                new("V", DataKind.Single, [new TextLoader.Range(3), new TextLoader.Range(0, 1)]),
                new("Rest", DataKind.Double, [new TextLoader.Range(1, null)]),
            ],
            Separators = [';'],
            HasHeader = true,
        };
        IDataView data = _ml.Data.LoadFromTextFile(path, options);
        Assert.Equal([[4f, 1f, 2f]], data.GetColumn<float[]>("V"));
        Assert.Equal([[2.0, 3.0, 4.0]], data.GetColumn<double[]>("Rest"));
        VBuffer<ReadOnlyMemory<char>> names = default;
        data.Schema["V"].GetSlotNames(ref names);
        Assert.Equal(["d", "a", "b"], names.DenseValues().Select(n => n.ToString()));
    }

    [Fact]
    public void VariableVectorsTakeWhatTheLineHas()
    {
        string path = Write("a 1 2 3", "b", "c 4");
        var rest = new TextLoader.Range { Min = 1, VariableEnd = true };
        TextLoader.Column[] columns = [new("W", DataKind.String, 0), new("V", DataKind.Single, [rest])];
        IDataView data = _ml.Data.LoadFromTextFile(path, columns, ' ');
        Assert.Equal([[1f, 2f, 3f], [], [4f]], data.GetColumn<float[]>("V"));
        Assert.Equal("Vector<Single>", data.Schema["V"].Type.ToString());
    }

    [Fact]
    public void SparseLinesGiveTheirLengthAndTheirItems()
    {
        string path = Write("1 5 1:2 4:3", "0 9 8 7 6 5");
        TextLoader.Column[] columns = [new("L", DataKind.Single, 0), new("V", DataKind.Single, 1, 5)];
        IDataView data = _ml.Data.LoadFromTextFile(path, columns, ' ', allowSparse: true);
        Assert.Equal([[0f, 2f, 0f, 0f, 3f], [9f, 8f, 7f, 6f, 5f]], data.GetColumn<float[]>("V"));
    }

    [Fact]
    public void OptionsThatContradictAreErrors()
    {
        TextLoader.Column[] column = [new("X", DataKind.Single, 0)];
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateTextLoader(column, separatorChar: '5'));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateTextLoader(column, separatorChar: ':', allowSparse: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateTextLoader(
            new TextLoader.Options { Columns = [new("X", DataKind.Single, [new TextLoader.Range(0, 2), new TextLoader.Range(1)])] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.CreateTextLoader([new("X", DataKind.Single, [])]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TextLoader.Range(2, 1));
    }

    [Fact]
    public void DecimalCommaAndDatesAreRead()
    {
        string path = Write("1,5;2024-03-01", "-2;2024-03-01T12:30:00Z");
        var options = new TextLoader.Options
        {
            Columns = [new("X", DataKind.Double, 0), new("D", DataKind.DateTime, 1)],
            Separators = [';'],
            DecimalMarker = ',',
        };
        IDataView data = _ml.Data.LoadFromTextFile(path, options);
        Assert.Equal([1.5, -2.0], data.GetColumn<double>("X"));
        Assert.Equal([new DateTime(2024, 3, 1), new DateTime(2024, 3, 1, 12, 30, 0)], data.GetColumn<DateTime>("D"));
    }

    private IDataView Load(string path, DataKind kind) => _ml.Data.LoadFromTextFile(path, [new TextLoader.Column("X", kind, 0)]);

    private string Write(params string[] lines)
    {
        string path = Path.Combine(_folder, "data.txt");
        File.WriteAllLines(path, lines);
        return path;
    }

    private sealed class Observation
    {
        [LoadColumn(0)]
        public float Month { get; set; }

        [LoadColumn(1, 3)]
        [VectorType(3)]
        public float[] Values { get; set; } = [];

        [LoadColumn(4)]
        public string Name { get; set; } = "";

        [LoadColumn(5)]
        public bool Ok { get; set; }
    }

    private sealed class Unmarked
    {
        public float Value { get; set; }
    }
}
