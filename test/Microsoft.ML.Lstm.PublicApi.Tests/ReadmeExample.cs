using Microsoft.ML;
using Microsoft.ML.Data;

var ml = new MLContext(seed: 1);
IDataView months = ml.Data.LoadFromTextFile<Month>("sunspots-monthly.csv", separatorChar: ',', hasHeader: true);
var split = ml.Data.ChronologicalSplit(months, testFraction: 0.2);
var pipeline = ml.Transforms.WindowSequence("Window", ["Value"], windowLength: 132, horizon: 12, labelColumnName: "Next")
    .Append(ml.Regression.Trainers.LstmRegressor(labelColumnName: "Next", featureColumnName: "Window", numberOfEpochs: 10));
var model = pipeline.Fit(split.TrainSet);
ml.Model.Save(model, months.Schema, "model.zip");

var engine = ml.Model.CreatePredictionEngine<History, Forecast>(ml.Model.Load("model.zip", out _));
float[] latest = [.. months.GetColumn<float>("Value").TakeLast(132)];
Console.WriteLine(string.Join(" ", engine.Predict(new History { Value = latest }).Score));

public class Month { [LoadColumn(1)] public float Value { get; set; } }
public class History { [VectorType(132)] public float[] Value { get; set; } = []; }
public class Forecast { public float[] Score { get; set; } = []; }
