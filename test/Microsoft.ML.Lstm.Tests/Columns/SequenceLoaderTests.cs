using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Tests.Columns;

/// <summary>What every trainer does with rows that it cannot learn from, and with columns of the wrong kind.</summary>
public class SequenceLoaderTests
{
    private readonly MLContext _ml = new(1);

    public static TheoryData<string, Func<MLContext, string?, IEstimator<ITransformer>>> Trainers => new()
    {
        { "Number", (ml, weight) => ml.Regression.Trainers.LstmRegressor(With(new LstmRegressor.Options(), "Number", weight)) },
        { "Class", (ml, weight) => ml.MulticlassClassification.Trainers.LstmClassifier(With(new LstmClassifier.Options(), "Class", weight)) },
        { "IsLong", (ml, weight) => ml.BinaryClassification.Trainers.LstmBinaryClassifier(With(new LstmBinaryClassifier.Options(), "IsLong", weight)) },
        { "Tags", (ml, weight) => ml.MulticlassClassification.Trainers.LstmTagger(With(new LstmTagger.Options(), "Tags", weight)) },
    };

    [Theory]
    [MemberData(nameof(Trainers))]
    public void Fit_EmptySequenceAmongMany_TrainsOnTheOthersAndWarnsOnce(string label, Func<MLContext, string?, IEstimator<ITransformer>> trainer)
    {
        Row[] rows = Row.Many(20);
        foreach (int empty in new[] { 7, 12, 19 })
            rows[empty].Clear();
        var warnings = new List<string>();
        _ml.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Warning && e.Source.Contains("Loading", StringComparison.Ordinal)) warnings.Add(e.RawMessage); };

        Assert.NotNull(trainer(_ml, null).Fit(_ml.Data.LoadFromEnumerable(rows)));

        Assert.Contains(label, Row.Labels);
        string warning = Assert.Single(warnings);
        if (label == "Tags")
            Assert.StartsWith("Column 'Features' has an empty sequence in 3 of 20 rows", warning, StringComparison.Ordinal);
        Assert.Equal("Column 'Features' has an empty sequence in 3 of 20 rows of the training data, which are left out; the first is row 7.", warning);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void Fit_EmptySequencesAlone_SaysWhatIsInTheRows(string label, Func<MLContext, string?, IEstimator<ITransformer>> trainer)
    {
        Row[] rows = Row.Many(4);
        foreach (Row row in rows)
            row.Clear();

        string error = Assert.Throws<InvalidOperationException>(() => trainer(_ml, null).Fit(_ml.Data.LoadFromEnumerable(rows))).Message;

        Assert.Equal($"The training data has 0 rows in the columns 'Features' and '{label}' beside 4 with an empty sequence (the first is row 0); expected at least 1 sequence.", error);
    }

    [Fact]
    public void Fit_RowsWithoutLabelAndRowsWithoutSteps_WarnsOfEachColumn()
    {
        Row[] rows = Row.Many(20);
        rows[3].Class = uint.MaxValue;
        rows[5].Clear();
        rows[9].Class = uint.MaxValue;
        var warnings = new List<string>();
        _ml.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Warning && e.Source.Contains("Loading", StringComparison.Ordinal)) warnings.Add(e.RawMessage); };

        _ml.MulticlassClassification.Trainers.LstmClassifier("Class", numberOfEpochs: 1).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(
        [
            "Column 'Class' has no label in 2 of 20 rows of the training data, which are left out; the first is row 3.",
            "Column 'Features' has an empty sequence in 1 of 20 rows of the training data, which are left out; the first is row 5.",
        ], warnings);
    }

    [Theory]
    [InlineData("Number")]
    [InlineData("Numbers")]
    public void Fit_MissingNumberAmongLabels_TrainsOnTheOthersAndWarns(string label)
    {
        Row[] rows = Row.Many(20);
        (rows[3].Number, rows[3].Numbers[1]) = (float.NaN, float.NaN);
        (rows[9].Number, rows[9].Numbers[0]) = (float.NaN, float.NaN);
        var warnings = Warnings();
        LstmRegressor trainer = _ml.Regression.Trainers.LstmRegressor(With(new LstmRegressor.Options(), label, null));

        float[] ofMany = Score(trainer, rows), ofOthers = Score(trainer, [.. rows.Where(row => float.IsFinite(row.Number))]);

        Assert.Equal(ofOthers, ofMany);
        Assert.Equal([$"Column '{label}' has no label in 2 of 20 rows of the training data, which are left out; the first is row 3."], warnings);
    }

    [Fact]
    public void Fit_LabelForEachStepMissingAtOne_TrainsOnTheOtherRows()
    {
        Row[] rows = Row.Many(20);
        rows[4].EachStep[0] = float.NaN;
        var warnings = Warnings();
        LstmRegressor.Options options = With(new LstmRegressor.Options(), nameof(Row.EachStep), null);
        options.LabelEveryStep = true;

        _ml.Regression.Trainers.LstmRegressor(options).Fit(_ml.Data.LoadFromEnumerable(rows));

        Assert.Equal(["Column 'EachStep' has no label in 1 of 20 rows of the training data, which are left out; the first is row 4."], warnings);
    }

    [Fact]
    public void Fit_InfiniteLabel_IsAnError()
    {
        Row[] rows = Row.Many(6);
        rows[2].Number = float.PositiveInfinity;

        Assert.Contains("Column 'Number' has Infinity in row 2; expected a finite number", Assert.Throws<InvalidOperationException>(
            () => _ml.Regression.Trainers.LstmRegressor("Number", numberOfEpochs: 1).Fit(_ml.Data.LoadFromEnumerable(rows))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_NoLabelAtAll_SaysWhatIsInTheRows()
    {
        Row[] rows = Row.Many(4);
        foreach (Row row in rows)
            row.Number = float.NaN;

        Assert.Equal("The training data has 0 rows in the columns 'Features' and 'Number' beside 4 without a label (the first is row 0); expected at least 1 sequence.",
            Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.LstmRegressor("Number").Fit(_ml.Data.LoadFromEnumerable(rows))).Message);
    }

    [Fact]
    public void Fit_BadRowsOfTheValidationData_AreSaidToBeOfThat()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(Row.Many(20));
        Row[] validation = Row.Many(8);
        validation[1].Clear();
        validation[5].Number = float.NaN;
        var warnings = Warnings();
        LstmRegressor trainer = _ml.Regression.Trainers.LstmRegressor(With(new LstmRegressor.Options(), "Number", null));

        trainer.Fit(rows, _ml.Data.LoadFromEnumerable(validation));
        string none = Assert.Throws<InvalidOperationException>(() => trainer.Fit(rows, _ml.Data.LoadFromEnumerable(Array.Empty<Row>()))).Message;

        Assert.Equal(
        [
            "Column 'Number' has no label in 1 of 8 rows of the validation data, which are left out; the first is row 5.",
            "Column 'Features' has an empty sequence in 1 of 8 rows of the validation data, which are left out; the first is row 1.",
        ], warnings);
        Assert.Equal("The validation data has 0 rows in the columns 'Features' and 'Number'; expected at least 1 sequence.", none);
    }

    [Theory]
    [MemberData(nameof(Trainers))]
    public void Fit_VectorAsWeight_NamesColumnAndType(string label, Func<MLContext, string?, IEstimator<ITransformer>> trainer)
    {
        Assert.Contains(label, Row.Labels);
        IEstimator<ITransformer> estimator = trainer(_ml, "Weights");

        string error = Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(_ml.Data.LoadFromEnumerable(Row.Many(6)))).Message;

        Assert.Contains("example weight column 'Weights': expected Single, got Vector<Single, 2>", error, StringComparison.Ordinal);
    }

    private List<string> Warnings()
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Warning && e.Source.Contains("Loading", StringComparison.Ordinal)) warnings.Add(e.RawMessage); };
        return warnings;
    }

    private float[] Score(LstmRegressor trainer, Row[] rows) => trainer.Fit(_ml.Data.LoadFromEnumerable(rows)).Model.CreateScorer().Score((float[])[1, -2, 3]).ToArray();

    private static T With<T>(T options, string label, string? weight)
        where T : RecurrentTrainerOptions
    {
        (options.LabelColumnName, options.ExampleWeightColumnName, options.HiddenSizes) = (label, weight, [4]);
        (options.NumberOfEpochs, options.NumberOfThreads, options.ValidationFraction, options.Seed) = (1, 1, 0, 1);
        return options;
    }

    private sealed class Row
    {
        public static readonly string[] Labels = ["Number", "Class", "IsLong", "Tags"];

        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        [VectorType(2)]
        public float[] Numbers { get; set; } = [0, 0];

        public float[] EachStep { get; set; } = [];

        // Of a single key ML.NET takes the value to count from 0, and what is beyond the count for missing.
        [KeyType(2)]
        public uint Class { get; set; }

        public bool IsLong { get; set; }

        [KeyType(2)]
        public uint[] Tags { get; set; } = [];

        [VectorType(2)]
        public float[] Weights { get; set; } = [1, 1];

        public static Row[] Many(int count) => [.. Enumerable.Range(0, count).Select(i => new Row
        {
            Features = [.. Enumerable.Range(0, 1 + (i % 3)).Select(t => (float)(t - i))],
            Number = i,
            Numbers = [i, -i],
            EachStep = [.. Enumerable.Range(0, 1 + (i % 3)).Select(t => (float)t)],
            Class = (uint)(i % 2),
            IsLong = i % 3 == 2,
            Tags = [.. Enumerable.Range(0, 1 + (i % 3)).Select(t => (uint)(t % 2) + 1)],
        })];

        public void Clear() => (Features, Tags) = ([], []);
    }
}
