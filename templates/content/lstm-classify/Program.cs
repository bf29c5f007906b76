using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;

// A row for each sequence: its class, then its values; data.csv is an example to put your own in the place of.
string path = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "data.csv");
var ml = new MLContext(seed: 1);
IDataView data = ml.Data.LoadFromTextFile<Row>(path, separatorChar: ',', hasHeader: true);
var split = ml.Data.TrainTestSplit(data, testFraction: 0.25, seed: 1);

var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", "Class")
    .Append(ml.MulticlassClassification.Trainers.LstmClassifier(new LstmClassifier.Options
    {
        FeatureColumnName = "Values",
        HiddenSizes = [16],
        NumberOfEpochs = 40,
        LearningRate = 0.01f,
        Seed = 1,
    }));
var trained = pipeline.Fit(split.TrainSet);
Console.WriteLine(FormattableString.Invariant($"accuracy on rows held out: {ml.MulticlassClassification.Evaluate(trained.Transform(split.TestSet)).MicroAccuracy:P1}"));
Console.WriteLine(trained.LastTransformer.Diagnosis);

// In production: load, and classify.
ml.Model.SaveAtomically(trained, data.Schema, "model.zip");
var model = RecurrentModel.Load("model.zip");
foreach (Row row in ml.Data.CreateEnumerable<Row>(split.TestSet, reuseRowObject: false).Take(5))
    Console.WriteLine($"{row.Class}: {model.PredictClass(row.Values)}");

/// <summary>A row of the file.</summary>
public sealed class Row
{
    [LoadColumn(0)]
    public string Class { get; set; } = "";

    [LoadColumn(1, 12)]
    [VectorType(12)]
    public float[] Values { get; set; } = [];
}
