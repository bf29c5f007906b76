using Microsoft.ML;
using Microsoft.ML.Data;

// All that a production program does: nothing here names a type of Microsoft.ML.Lstm before the model is loaded.
var ml = new MLContext();
ITransformer model = ml.Model.Load("model.zip", out _);

IDataView months = ml.Data.LoadFromTextFile<Month>("sunspots-monthly.csv", separatorChar: ',', hasHeader: true);
float[] latest = [.. months.GetColumn<float>("Value").TakeLast(132)];
IDataView window = ml.Data.LoadFromEnumerable([new History { Value = latest }]);
Console.WriteLine(string.Join(" ", model.Transform(window).GetColumn<float[]>("Score").Single()));

public class Month { [LoadColumn(1)] public float Value { get; set; } }
public class History { [VectorType(132)] public float[] Value { get; set; } = []; }
