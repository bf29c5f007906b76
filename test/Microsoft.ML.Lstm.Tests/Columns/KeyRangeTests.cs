using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Tests.Columns;

/// <summary>ML.NET lets an array with <c>[KeyType(3)]</c> hold 9 (of a single key it makes a missing one): whoever reads keys must see it.</summary>
public class KeyRangeTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<string, Action<MLContext, IDataView>> Readers => new()
    {
        { "Tokens", (ml, data) => ml.Regression.Trainers.LstmRegressor("Number", "Tokens", numberOfEpochs: 1).Fit(data) },
        { "Bytes", (ml, data) => ml.Regression.Trainers.LstmRegressor("Number", "Bytes", numberOfEpochs: 1).Fit(data) },
        { "Shorts", (ml, data) => ml.Regression.Trainers.LstmRegressor("Number", "Shorts", numberOfEpochs: 1).Fit(data) },
        { "Longs", (ml, data) => ml.Regression.Trainers.LstmRegressor("Number", "Longs", numberOfEpochs: 1).Fit(data) },
        { "Tokens", (ml, data) => ml.Regression.Trainers.LstmRegressor(new LstmRegressor.Options { LabelColumnName = "Number", TokenColumnName = "Tokens", StepSize = 1 }).Fit(data) },
        { "Tokens", (ml, data) => ml.MulticlassClassification.Trainers.LstmTagger("Tokens", numberOfEpochs: 1).Fit(data) },
        { "Tokens", (ml, data) => ml.Transforms.Text.LstmLanguageModel("Tokens", numberOfEpochs: 1).Fit(data) },
        { "Tokens", (ml, data) => ml.MulticlassClassification.EvaluateTags(data, "Shorts", "Tokens") },
    };

    [Theory]
    [MemberData(nameof(Readers))]
    public void Read_KeyBeyondItsCount_NamesColumnRowKeyAndCount(string column, Action<MLContext, IDataView> read)
    {
        Keyed[] rows = [.. Enumerable.Range(0, 6).Select(_ => new Keyed())];
        IDataView Load() => _ml.Data.LoadFromEnumerable(rows);
        read(_ml, Load());
        string key = rows[4].Spoil(column);

        string error = Assert.Throws<InvalidOperationException>(() => read(_ml, Load())).Message;

        Assert.Equal($"Column '{column}' has the key {key} in row 4; expected 1 to 3, the count of its keys, or 0 for a missing one.", error);
    }

    [Fact]
    public void Transform_KeyBeyondItsCount_NamesColumnRowKeyAndCount()
    {
        Keyed[] rows = [.. Enumerable.Range(0, 6).Select(_ => new Keyed())];
        ITransformer[] models =
        [
            _ml.Regression.Trainers.LstmRegressor("Number", "Tokens", numberOfEpochs: 1).Fit(_ml.Data.LoadFromEnumerable(rows)),
            _ml.Transforms.Text.LstmLanguageModel("Tokens", numberOfEpochs: 1).Fit(_ml.Data.LoadFromEnumerable(rows)),
        ];
        string key = rows[2].Spoil("Tokens");

        foreach (ITransformer model in models)
        {
            IDataView scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));
            string error = Assert.Throws<InvalidOperationException>(() => Read(scored)).Message;
            Assert.Contains($"Column 'Tokens' has the key {key} in row 2; expected 1 to 3", error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Predict_KeyBeyondItsCount_SaysTheRowGiven()
    {
        ITransformer model = _ml.Regression.Trainers.LstmRegressor("Number", "Tokens", numberOfEpochs: 1)
            .Fit(_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 6).Select(_ => new Keyed())));
        using var engine = _ml.Model.CreatePredictionEngine<Keyed, Scored>(model);
        var bad = new Keyed();
        string key = bad.Spoil("Tokens");

        engine.Predict(new Keyed());
        string error = Assert.Throws<InvalidOperationException>(() => engine.Predict(bad)).Message;

        Assert.Contains($"Column 'Tokens' has the key {key} in the row given; expected 1 to 3", error, StringComparison.Ordinal);
    }

    private static void Read(IDataView data)
    {
        DataViewSchema.Column score = data.Schema["Score"];
        using DataViewRowCursor cursor = data.GetRowCursor([score]);
        Action get = score.Type is VectorDataViewType
            ? () => { VBuffer<float> value = default; cursor.GetGetter<VBuffer<float>>(score)(ref value); }
            : () => { float value = 0; cursor.GetGetter<float>(score)(ref value); };
        while (cursor.MoveNext())
            get();
    }

    private sealed class Scored
    {
        public float Score { get; set; }
    }

    private sealed class Keyed
    {
        [KeyType(3)]
        public uint[] Tokens { get; set; } = [1, 2, 3];

        [KeyType(3)]
        public byte[] Bytes { get; set; } = [1, 2, 3];

        [KeyType(3)]
        public ushort[] Shorts { get; set; } = [1, 2, 3];

        [KeyType(3)]
        public ulong[] Longs { get; set; } = [1, 2, 3];

        public float Number { get; set; } = 1;

        public float[] Features { get; set; } = [1, 2, 3];

        /// <summary>Puts a key beyond the count into a column; gives the key.</summary>
        public string Spoil(string column)
        {
            switch (column)
            {
                case "Tokens": Tokens[1] = uint.MaxValue; return "4294967295";
                case "Bytes": Bytes[1] = 4; return "4";
                case "Shorts": Shorts[1] = 9; return "9";
                default: Longs[1] = 1UL << 32; return "4294967296";
            }
        }
    }
}
