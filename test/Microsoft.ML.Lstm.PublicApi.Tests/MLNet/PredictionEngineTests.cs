using Microsoft.ML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class PredictionEngineTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void AnEngineMapsOneObjectAtATime()
    {
        using PredictionEngine<Reading, Scored> engine = _ml.Model.CreatePredictionEngine<Reading, Scored>(new AddOne());
        Reading[] rows = Reading.Many(3);
        foreach (Reading row in rows)
        {
            Scored scored = engine.Predict(row);
            Assert.Equal((row.Value + 1, row.Title), (scored.Plus, scored.Name));
            Assert.Equal(row.Grid, scored.Grid);
            Assert.NotSame(row.Grid, scored.Grid);
            Assert.Equal(-1f, scored.Absent);
        }
        Assert.Contains("Plus", engine.OutputSchema.Select(c => c.Name));
    }

    [Fact]
    public void APredictionObjectIsFilledAgainWithItsOwnArrays()
    {
        using PredictionEngine<Reading, Scored> engine = _ml.Model.CreatePredictionEngine<Reading, Scored>(new AddOne());
        Reading[] rows = Reading.Many(2);
        Scored scored = engine.Predict(rows[0]);
        (Scored same, float[] grid) = (scored, scored.Grid);
        engine.Predict(rows[1], ref scored);
        Assert.Same(same, scored);
        Assert.Same(grid, scored.Grid);
        Assert.Equal(rows[1].Grid, grid);
        Scored? none = null;
        engine.Predict(rows[1], ref none!);
        Assert.Equal(2f, none.Plus);
    }

    [Fact]
    public void AColumnThatNobodyReadsIsNotComputed()
    {
        var addOne = new AddOne();
        using PredictionEngine<Reading, OnlyName> engine = _ml.Model.CreatePredictionEngine<Reading, OnlyName>(addOne);
        engine.Predict(new Reading { Title = "x" });
        Assert.Equal(0, addOne.Computed);
    }

    [Fact]
    public void AChainOfMappersIsOneMapper()
    {
        ITransformer chain = new TransformerChain<ITransformer>(new AddOne(), new AddOne());
        Assert.True(chain.IsRowToRowMapper);
        using PredictionEngine<Reading, Scored> engine = _ml.Model.CreatePredictionEngine<Reading, Scored>(chain);
        Assert.Equal(6f, engine.Predict(new Reading { Value = 5 }).Plus);
        Assert.Equal(13, engine.OutputSchema.Count);
    }

    [Fact]
    public void MissingColumnsAreAnErrorWhereAsked()
    {
        Assert.Contains("Absent", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Reading, Scored>(new AddOne(), ignoreMissingColumns: false)).Message);
        Assert.Contains("Value", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<OnlyName, Scored>(new AddOne())).Message);
        DataViewSchema schema = _ml.Data.LoadFromEnumerable(Reading.Many(1)).Schema;
        Assert.Throws<InvalidOperationException>(() => _ml.Model.CreatePredictionEngine<OnlyName, OnlyName>(new AddOne(), schema));
    }

    [Fact]
    public void WhatIsNotRowToRowIsRefused()
    {
        Assert.Contains("row to row", Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Model.CreatePredictionEngine<Reading, Scored>(new AddOne { IsRowToRowMapper = false })).Message);
        Assert.Throws<ArgumentNullException>(() => _ml.Model.CreatePredictionEngine<Reading, Scored>((ITransformer)null!));
        ITransformer chain = new TransformerChain<ITransformer>(new AddOne { IsRowToRowMapper = false });
        Assert.Throws<InvalidOperationException>(() => chain.GetRowToRowMapper(_ml.Data.LoadFromEnumerable(Reading.Many(1)).Schema));
        using PredictionEngine<Reading, Scored> engine = _ml.Model.CreatePredictionEngine<Reading, Scored>(new AddOne());
        Assert.Throws<ArgumentNullException>(() => engine.Predict(null!));
    }

    [Fact]
    public void AnInputSchemaGivesVectorsTheirSizes()
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(Reading));
        definition["Loose"].ColumnType = new VectorDataViewType(NumberDataViewType.Double, 2);
        DataViewSchema schema = _ml.Data.LoadFromEnumerable(Reading.Many(1), definition).Schema;
        using PredictionEngine<Reading, OnlyName> engine = _ml.Model.CreatePredictionEngine<Reading, OnlyName>(new AddOne(), schema);
        Assert.Equal(2, ((VectorDataViewType)engine.OutputSchema["Loose"].Type).Size);
        Assert.Equal("t", engine.Predict(new Reading { Title = "t" }).Name);
    }

    private sealed class Scored
    {
        public float Plus { get; set; }

        public string? Name { get; set; }

        public float[] Grid { get; set; } = [];

        public float Absent { get; set; } = -1;
    }

    private sealed class OnlyName
    {
        public string? Name { get; set; }
    }
}
