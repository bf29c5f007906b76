using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Case = Microsoft.ML.Transforms.Text.TextNormalizingEstimator.CaseMode;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class KeyTransformsTests
{
    private readonly MLContext _ml = new(1);

    private IDataView Rows => _ml.Data.LoadFromEnumerable<Row>(
    [
        new Row { Word = "pear", Number = 30, Tags = ["x", "y"] },
        new Row { Word = "apple", Number = 10, Code = 3, Tags = ["y", ""] },
        new Row { Word = "", Number = float.NaN, Tags = ["z", "x"] },
        new Row { Word = "pear", Number = 30, Code = 2, Tags = ["x", "x"] },
    ]);

    [Fact]
    public void ValuesBecomeKeysByOccurrenceOrByValue()
    {
        IDataView byOccurrence = Fit(_ml.Transforms.Conversion.MapValueToKey("K", "Word"), Rows);
        Assert.Equal("Key<UInt32, 0-1>", byOccurrence.Schema["K"].Type.ToString());
        Assert.Equal([1u, 2u, 0u, 1u], byOccurrence.GetColumn<uint>("K"));
        Assert.Equal(["pear", "apple"], KeyTexts(byOccurrence.Schema["K"]));
        IDataView byValue = Fit(_ml.Transforms.Conversion.MapValueToKey(
            "K", "Word", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue), Rows);
        Assert.Equal([2u, 1u, 0u, 2u], byValue.GetColumn<uint>("K"));
    }

    [Fact]
    public void UnseenValuesAndThoseBeyondTheMaximumAreMissing()
    {
        ITransformer model = _ml.Transforms.Conversion.MapValueToKey("K", "Word", maximumNumberOfKeys: 1).Fit(Rows);
        Assert.Equal([1u, 0u, 0u, 1u], model.Transform(Rows).GetColumn<uint>("K"));
        IDataView other = _ml.Data.LoadFromEnumerable<Row>([new Row { Word = "plum" }]);
        Assert.Equal([0u], model.Transform(other).GetColumn<uint>("K"));
    }

    [Fact]
    public void NumbersAreKeyValuesAsTheyAreOrAsText()
    {
        IDataView numbers = Fit(_ml.Transforms.Conversion.MapValueToKey("K", "Number"), Rows);
        Assert.Equal([1u, 2u, 0u, 1u], numbers.GetColumn<uint>("K"));
        VBuffer<float> values = default;
        numbers.Schema["K"].GetKeyValues(ref values);
        Assert.Equal([30f, 10f], values.DenseValues());
        IDataView texts = Fit(_ml.Transforms.Conversion.MapValueToKey("K", "Number", addKeyValueAnnotationsAsText: true), Rows);
        Assert.Equal(["30", "10"], KeyTexts(texts.Schema["K"]));
    }

    [Fact]
    public void KeyDataFixesTheKeys()
    {
        IDataView keys = _ml.Data.LoadFromEnumerable<OneWord>([new OneWord { Name = "fig" }, new OneWord { Name = "apple" }]);
        Assert.Equal([0u, 2u, 0u, 0u], Fit(_ml.Transforms.Conversion.MapValueToKey("K", "Word", keyData: keys), Rows).GetColumn<uint>("K"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Conversion.MapValueToKey("K", "Word", keyData: Rows));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.Conversion.MapValueToKey("K", "Number", keyData: keys), Rows));
    }

    [Fact]
    public void VectorsMapItemByItemAndBack()
    {
        IDataView data = Fit(
            _ml.Transforms.Conversion.MapValueToKey("K", "Tags").Append(_ml.Transforms.Conversion.MapKeyToValue("T", "K")), Rows);
        Assert.Equal([[1u, 2u], [2u, 0u], [3u, 1u], [1u, 1u]], data.GetColumn<uint[]>("K"));
        Assert.Equal([["x", "y"], ["y", ""], ["z", "x"], ["x", "x"]], data.GetColumn<string[]>("T"));
        Assert.Equal("Vector<Key<UInt32, 0-2>, 2>", data.Schema["K"].Type.ToString());
    }

    [Fact]
    public void MissingKeysMapToMissingValues()
    {
        IDataView data = Fit(
            _ml.Transforms.Conversion.MapValueToKey("K", "Number").Append(_ml.Transforms.Conversion.MapKeyToValue("K")), Rows);
        Assert.Equal([30f, 10f, float.NaN, 30f], data.GetColumn<float>("K"));
        Assert.ThrowsAny<ArgumentException>(
            () => _ml.Transforms.CopyColumns("C", "Word").Append(_ml.Transforms.Conversion.MapKeyToValue("C")).Fit(Rows));
    }

    [Fact]
    public void KeysConvertToWiderKeys()
    {
        IDataView data = Fit(_ml.Transforms.Conversion.MapValueToKey("K", "Word")
            .Append(_ml.Transforms.Conversion.ConvertType("B", "K", DataKind.Byte)), Rows);
        Assert.Equal("Key<Byte, 0-1>", data.Schema["B"].Type.ToString());
        Assert.Equal([(byte)1, (byte)2, (byte)0, (byte)1], data.GetColumn<byte>("B"));
        Assert.True(data.Schema["B"].HasKeyValues());
    }

    [Fact]
    public void KeysWithoutNamesAreTheirNumbers()
    {
        IDataView data = Fit(_ml.Transforms.Conversion.ConvertType("Small", "Code", DataKind.UInt16)
            .Append(_ml.Transforms.Conversion.MapKeyToVector("H", "Code")), Rows);
        Assert.Equal([1u, 4u, 1u, 3u], data.GetColumn<uint>("Code"));
        Assert.Equal("Key<UInt16, 0-3>", data.Schema["Small"].Type.ToString());
        Assert.Equal([0f, 0f, 0f, 1f], data.GetColumn<float[]>("H").ElementAt(1));
        Assert.False(data.Schema["H"].HasSlotNames());
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(_ml.Transforms.Conversion.ConvertType("F", "Code", DataKind.Single), Rows));
    }

    [Fact]
    public void OneHotEncodingMarksTheCategory()
    {
        IDataView data = Fit(_ml.Transforms.Categorical.OneHotEncoding("H", "Word"), Rows);
        Assert.Equal([[1f, 0f], [0f, 1f], [0f, 0f], [1f, 0f]], data.GetColumn<float[]>("H"));
        Assert.Equal(["pear", "apple"], SlotNames(data.Schema["H"]));
        Assert.True(data.Schema["H"].IsNormalized());
        Assert.Equal("Vector<Single, 2>", data.Schema["H"].Type.ToString());
    }

    [Fact]
    public void OneHotEncodingOfVectorsKeepsTheSlotsOrCounts()
    {
        IDataView slots = Fit(_ml.Transforms.Categorical.OneHotEncoding("H", "Tags"), Rows);
        Assert.Equal("Vector<Single, 2, 3>", slots.Schema["H"].Type.ToString());
        Assert.Equal([1f, 0f, 0f, 0f, 1f, 0f], slots.GetColumn<float[]>("H").First());
        Assert.Equal(["[0].x", "[0].y", "[0].z", "[1].x", "[1].y", "[1].z"], SlotNames(slots.Schema["H"]));
        IDataView counts = Fit(_ml.Transforms.Categorical.OneHotEncoding("H", "Tags", OneHotEncodingEstimator.OutputKind.Bag), Rows);
        Assert.Equal([[1f, 1f, 0f], [0f, 1f, 0f], [1f, 0f, 1f], [2f, 0f, 0f]], counts.GetColumn<float[]>("H"));
    }

    [Fact]
    public void WordsAreSplitAtSeparatorsAndTrimmed()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<OneWord>([new OneWord { Name = "  one two,  three " }, new OneWord { Name = "" }]);
        Assert.Equal(
            [["one", "two,", "three"], []],
            Fit(_ml.Transforms.Text.TokenizeIntoWords("W", "Name"), data).GetColumn<string[]>("W"));
        Assert.Equal(
            [["one two", "three"], []],
            Fit(_ml.Transforms.Text.TokenizeIntoWords("W", "Name", [',']), data).GetColumn<string[]>("W"));
        IDataView tags = Fit(_ml.Transforms.Text.TokenizeIntoWords("W", "Tags", ['x', ' ']), Rows);
        Assert.Equal([["y"], ["y"], ["z"], []], tags.GetColumn<string[]>("W"));
    }

    [Fact]
    public void TextIsNormalizedCharacterByCharacter()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<OneWord>([new OneWord { Name = "  Ça va, 42 Étés?" }]);
        Assert.Equal("  ca va, 42 etes?", Fit(_ml.Transforms.Text.NormalizeText("N", "Name"), data).GetColumn<string>("N").Single());
        IEstimator<ITransformer> words = _ml.Transforms.Text.TokenizeIntoWords("W", "Name").Append(_ml.Transforms.Text.NormalizeText(
            "N", "W", Case.Upper, keepDiacritics: true, keepPunctuations: false, keepNumbers: false));
        Assert.Equal(["ÇA", "VA", "ÉTÉS"], Fit(words, data).GetColumn<string[]>("N").Single());
    }

    [Fact]
    public void CharactersAreKeysOfTheirCode()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<OneWord>([new OneWord { Name = "aB" }, new OneWord { Name = "" }]);
        IDataView marked = Fit(_ml.Transforms.Text.TokenizeIntoCharactersAsKeys("C", "Name"), data);
        Assert.Equal([[(ushort)2, 'a', 'B', 3], []], marked.GetColumn<ushort[]>("C"));
        Assert.Equal("Vector<Key<UInt16, 0-65534>>", marked.Schema["C"].Type.ToString());
        Assert.Equal(
            [[(ushort)'a', 'B'], []],
            Fit(_ml.Transforms.Text.TokenizeIntoCharactersAsKeys("C", "Name", useMarkerCharacters: false), data).GetColumn<ushort[]>("C"));
        string[] names = KeyTexts(marked.Schema["C"]);
        Assert.Equal(["<␂>", "<␠>", "A", "<PAD>", "é"], new[] { 2, ' ', 'A', '\u0080', 'é' }.Select(code => names[code - 1]));
        IDataView back = Fit(
            _ml.Transforms.Text.TokenizeIntoCharactersAsKeys("C", "Name").Append(_ml.Transforms.Conversion.MapKeyToValue("C")), data);
        Assert.Equal([["<␂>", "a", "B", "<␃>"], []], back.GetColumn<string[]>("C"));
    }

    [Fact]
    public void CharactersOfSeveralTextsAreSeparated()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<Row>([new Row { Tags = ["ab", "c"] }]);
        Assert.Equal([2, 'a', 'b', 31, 'c', 3], Fit(_ml.Transforms.Text.TokenizeIntoCharactersAsKeys("C", "Tags"), data)
            .GetColumn<ushort[]>("C").Single().Select(c => (int)c));
    }

    private static IDataView Fit(IEstimator<ITransformer> estimator, IDataView data) => estimator.Fit(data).Transform(data);

    private static string[] KeyTexts(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private static string[] SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return [.. names.DenseValues().Select(n => n.ToString())];
    }

    private sealed class Row
    {
        public string Word { get; set; } = "";

        public float Number { get; set; }

        [KeyType(4)]
        public uint Code { get; set; }

        [VectorType(2)]
        public string[] Tags { get; set; } = ["", ""];
    }

    private sealed class OneWord
    {
        public string Name { get; set; } = "";
    }
}
