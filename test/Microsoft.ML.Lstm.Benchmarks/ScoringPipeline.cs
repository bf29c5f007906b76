using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>A scoring workload's network inside an ML.NET pipeline: barely trained, without scaling, so that the network alone is what is timed.</summary>
internal sealed class ScoringPipeline
{
    /// <summary>The column of sequences, named as the input of an exported graph is, by which ML.NET's transformer for ONNX finds it.</summary>
    public const string FeatureColumn = "features";

    /// <summary>Rows that differ.</summary>
    public const int Examples = 64;

    private readonly Example[] _examples;
    private readonly SchemaDefinition _schema;

    public ScoringPipeline(Workload workload)
    {
        var random = new Random(1);
        (Workload, NetworkSpec spec) = (workload, workload.Spec);
        _examples = [.. Enumerable.Range(0, Examples).Select(_ => new Example(Values(random, workload.Steps * spec.InputSize), Values(random, spec.OutputSize)))];
        _schema = SchemaDefinition.Create(typeof(Example));
        _schema[nameof(Example.Features)].ColumnType = spec.InputSize == 1
            ? new VectorDataViewType(NumberDataViewType.Single, workload.Steps)
            : new VectorDataViewType(NumberDataViewType.Single, workload.Steps, spec.InputSize);
        _schema[nameof(Example.Features)].ColumnName = FeatureColumn;
        _schema[nameof(Example.Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, spec.OutputSize);
        Model = Context.Regression.Trainers.LstmRegressor(new LstmRegressor.Options
        {
            FeatureColumnName = FeatureColumn,
            HiddenSizes = spec.HiddenSizes,
            Cell = spec.Cell,
            Bidirectional = spec.Bidirectional,
            Normalization = WindowNormalization.None,
            ScaleFeatures = false,
            ScaleLabels = false,
            NumberOfEpochs = 1,
        }).Fit(Table(Examples));
    }

    public Workload Workload { get; }

    public MLContext Context { get; } = new(seed: 1);

    public LstmRegressionTransformer Model { get; }

    /// <summary>The sequence of a row of the table.</summary>
    public ReadOnlySpan<float> Features(int row) => _examples[row % Examples].Features;

    /// <summary>A table of that many rows, the same few over and over.</summary>
    public IDataView Table(int rows) => Context.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i => _examples[i % Examples]), _schema);

    /// <summary>Predicts a row through a prediction engine.</summary>
    /// <param name="transformer">What makes the score.</param>
    /// <param name="scoreColumn">Its column.</param>
    public Func<float[]> PredictOne(ITransformer transformer, string scoreColumn = "Score")
    {
        SchemaDefinition scores = SchemaDefinition.Create(typeof(Scores));
        scores[nameof(Scores.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Workload.Spec.OutputSize);
        scores[nameof(Scores.Score)].ColumnName = scoreColumn;
        PredictionEngine<Example, Scores> engine = Context.Model.CreatePredictionEngine<Example, Scores>(
            transformer, inputSchemaDefinition: _schema, outputSchemaDefinition: scores);
        var found = new Scores();
        return () =>
        {
            engine.Predict(_examples[0], ref found);
            return found.Score;
        };
    }

    /// <summary>Reads the scores of a table to its end; gives those of the first rows.</summary>
    /// <param name="transformer">What makes the scores.</param>
    /// <param name="rows">Rows of the table.</param>
    /// <param name="scoreColumn">The scores' column.</param>
    public Func<float[]> ScoreTable(ITransformer transformer, int rows, string scoreColumn = "Score")
    {
        IDataView scored = transformer.Transform(Table(rows));
        DataViewSchema.Column column = scored.Schema[scoreColumn];
        return () =>
        {
            var first = new List<float>();
            using DataViewRowCursor cursor = scored.GetRowCursor([column]);
            ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
            var score = default(VBuffer<float>);
            while (cursor.MoveNext())
            {
                getter(ref score);
                if (cursor.Position < Examples)
                    first.AddRange(score.DenseValues());
            }
            return [.. first];
        };
    }

    private static float[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];

    private sealed class Example(float[] features, float[] label)
    {
        public float[] Features { get; } = features;

        public float[] Label { get; } = label;
    }

    private sealed class Scores
    {
        public float[] Score { get; set; } = [];
    }
}
