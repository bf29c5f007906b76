using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

/// <summary>What every transform owes its pipeline: the schema it announced, the same values after loading, and row by row.</summary>
public sealed class TransformContractTests
{
    private static readonly Dictionary<string, Func<TransformsCatalog, IEstimator<ITransformer>>> Estimators = new()
    {
        ["Concatenate"] = t => t.Concatenate("Out", "X", "V"),
        ["CopyColumns"] = t => t.CopyColumns("Out", "V"),
        ["DropColumns"] = t => t.DropColumns("X"),
        ["SelectColumns"] = t => t.SelectColumns("V", "Word"),
        ["NormalizeMinMax"] = t => t.NormalizeMinMax("Out", "V", fixZero: false),
        ["NormalizeMeanVariance"] = t => t.NormalizeMeanVariance("Out", "X"),
        ["NormalizeCdf"] = t => t.NormalizeMeanVariance("Out", "V", useCdf: true),
        ["ReplaceMissingValues"] = t => t.ReplaceMissingValues("Out", "V", MissingValueReplacingEstimator.ReplacementMode.Mean),
        ["ConvertType"] = t => t.Conversion.ConvertType("Out", "V", DataKind.Double),
        ["MapValueToKey"] = t => t.Conversion.MapValueToKey("Out", "Word"),
        ["MapVectorToKey"] = t => t.Conversion.MapValueToKey("Out", "Tags"),
        ["MapNumberToKey"] = t => t.Conversion.MapValueToKey("Out", "X", addKeyValueAnnotationsAsText: true),
        ["MapKeyToValue"] = t => t.Conversion.MapValueToKey("Key", "Tags").Append(t.Conversion.MapKeyToValue("Out", "Key")),
        ["MapKeyToVector"] = t => t.Conversion.MapValueToKey("Key", "Word").Append(t.Conversion.MapKeyToVector("Out", "Key")),
        ["OneHotEncoding"] = t => t.Categorical.OneHotEncoding("Out", "Word"),
        ["OneHotEncodingBag"] = t => t.Categorical.OneHotEncoding("Out", "Tags", OneHotEncodingEstimator.OutputKind.Bag),
        ["TokenizeIntoWords"] = t => t.Text.TokenizeIntoWords("Out", "Word", ['p']),
        ["TokenizeIntoCharactersAsKeys"] = t => t.Text.TokenizeIntoCharactersAsKeys("Out", "Word"),
        ["NormalizeText"] = t => t.Text.NormalizeText("Out", "Tags", keepNumbers: false),
        ["CustomMapping"] = t => t.CustomMapping(new LengthFactory().GetMapping(), "Length"),
    };

    private readonly MLContext _ml = new(1);

    public static TheoryData<string> Names => [.. Estimators.Keys];

    private IDataView Rows => _ml.Data.LoadFromEnumerable<Row>(
    [
        new Row { X = 1, V = [1, 2], Word = "pear", Tags = ["A1", "b"] },
        new Row { X = 3, V = [-4, float.NaN], Word = "apple", Tags = ["b", ""] },
        new Row { X = 7, V = [0, 5], Word = "", Tags = ["c", "A1"] },
    ]);

    [Theory]
    [MemberData(nameof(Names))]
    public void AnnouncedShapeIsTheSchema(string name)
    {
        var probe = new ShapeProbe();
        Estimators[name](_ml.Transforms).Append(probe).Fit(Rows);
        Assert.Equal(
            probe.Schema!.Where(c => !c.IsHidden).Select(Describe).Order(),
            probe.Shape!.Select(Describe).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LoadedTransformerGivesTheSame(string name)
    {
        ITransformer model = Estimators[name](_ml.Transforms).Fit(Rows);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, Rows.Schema, stream);
        ITransformer loaded = new MLContext().Model.Load(new MemoryStream(stream.ToArray()), out DataViewSchema inputSchema);
        Assert.Equal(Rows.Schema.Select(c => c.ToString()), inputSchema.Select(c => c.ToString()));
        Assert.Equal(Dump(model.Transform(Rows)), Dump(loaded.Transform(Rows)));
        Assert.Equal(model.GetOutputSchema(Rows.Schema).Select(c => c.ToString()), loaded.Transform(Rows).Schema.Select(c => c.ToString()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TransformerMapsSingleRows(string name)
    {
        IDataView rows = Rows;
        ITransformer model = Estimators[name](_ml.Transforms).Fit(rows);
        Assert.True(model.IsRowToRowMapper);
        IRowToRowMapper mapper = model.GetRowToRowMapper(rows.Schema);
        IDataView transformed = model.Transform(rows);
        using DataViewRowCursor expected = transformed.GetRowCursor(transformed.Schema);
        using DataViewRowCursor input = rows.GetRowCursor(rows.Schema);
        DataViewRow row = mapper.GetRow(input, mapper.OutputSchema);
        while (expected.MoveNext() && input.MoveNext())
            Assert.Equal(Dump(expected), Dump(row));
    }

    [Fact]
    public void PredictionEngineRunsEveryTransformAnew()
    {
        ITransformer model = _ml.Transforms.CustomMapping(new LengthFactory().GetMapping(), null)
            .Append(_ml.Transforms.Conversion.ConvertType("Scaled", "Out"))
            .Append(_ml.Transforms.NormalizeMinMax("Scaled"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Word"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Known", "Key"))
            .Fit(Rows);
        using PredictionEngine<Row, Prediction> engine = _ml.Model.CreatePredictionEngine<Row, Prediction>(model);
        string[] words = ["apple", "plum", "pear"];
        Prediction[] predictions = [.. words.Select(w => engine.Predict(new Row { Word = w, Tags = ["", ""], V = [0, 0] }))];
        Assert.Equal([1f, 0.8f, 0.8f], predictions.Select(p => p.Scaled));
        Assert.Equal(["apple", "", "pear"], predictions.Select(p => p.Known));
    }

    [Fact]
    public void OnlyTheColumnsNeededAreAskedOfTheSource()
    {
        ITransformer model = _ml.Transforms.Concatenate("Out", "X", "V").Append(_ml.Transforms.NormalizeMinMax("Scaled", "Out")).Fit(Rows);
        IRowToRowMapper mapper = model.GetRowToRowMapper(Rows.Schema);
        Assert.Equal(["X", "V"], mapper.GetDependencies([mapper.OutputSchema["Scaled"]]).Select(c => c.Name));
        Assert.Equal(["Word"], mapper.GetDependencies([mapper.OutputSchema["Word"]]).Select(c => c.Name));
    }

    private static string Describe(DataViewSchema.Column column)
    {
        DataViewType item = (column.Type as VectorDataViewType)?.ItemType ?? column.Type;
        string kind = column.Type is not VectorDataViewType vector ? "Scalar" : vector.IsKnownSize ? "Vector" : "VariableVector";
        string itemName = item is KeyDataViewType ? item.RawType.Name : $"{item}";
        IEnumerable<string> annotations = column.Annotations.Schema.Select(a => a.Name).Order();
        return $"{column.Name} {kind} {itemName} {item is KeyDataViewType} {string.Join(",", annotations)}";
    }

    private static string Describe(SchemaShape.Column column)
    {
        IEnumerable<string> annotations = column.Annotations.Select(a => a.Name).Order();
        return $"{column.Name} {column.Kind} {column.ItemType} {column.IsKey} {string.Join(",", annotations)}";
    }

    private static string[] Dump(IDataView data)
    {
        var lines = new List<string>();
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        while (cursor.MoveNext())
            lines.AddRange(Dump(cursor));
        return [.. lines];
    }

    private static IEnumerable<string> Dump(DataViewRow row) =>
        [.. row.Schema.Select(c => $"{c.Name}={Read((dynamic)Activator.CreateInstance(c.Type.RawType)!, row, c)}")];

    private static string Read<T>(T sample, DataViewRow row, DataViewSchema.Column column)
    {
        row.GetGetter<T>(column)(ref sample);
        return $"{sample}";
    }

    private static string Read<T>(VBuffer<T> sample, DataViewRow row, DataViewSchema.Column column)
    {
        row.GetGetter<VBuffer<T>>(column)(ref sample);
        return string.Join(";", sample.DenseValues());
    }

    private sealed class ShapeProbe : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public DataViewSchema? Schema { get; private set; }

        public ITransformer Fit(IDataView input)
        {
            Schema = input.Schema;
            return new TransformerChain<ITransformer>();
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }

    private sealed class Row
    {
        public float X { get; set; }

        [VectorType(2)]
        public float[] V { get; set; } = [];

        public string Word { get; set; } = "";

        [VectorType(2)]
        public string[] Tags { get; set; } = [];
    }

    private sealed class Prediction
    {
        public float Scaled { get; set; }

        public string Known { get; set; } = "";
    }

    private sealed class Length
    {
        public int Out { get; set; }
    }

    [CustomMappingFactoryAttribute("Length")]
    private sealed class LengthFactory : CustomMappingFactory<Row, Length>
    {
        public override Action<Row, Length> GetMapping() => (row, length) => length.Out = row.Word.Length;
    }
}
