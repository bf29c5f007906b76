using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;

// A row for each step of time; data.csv is an example to put your own in the place of.
string path = args.Length > 0 ? args[0] : Path.Combine(AppContext.BaseDirectory, "data.csv");
var ml = new MLContext(seed: 1);
IDataView data = ml.Data.LoadFromTextFile<Row>(path, separatorChar: ',', hasHeader: true);

var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
{
    InputColumnNames = ["Value"],
    TimeColumnName = "Date",
    WindowSize = 2828,
    Horizon = 1414,
    NumberOfEpochs = 20,
    OutputColumnName = "Forecast",
    ConfidenceLowerBoundColumn = "Lower",
    ConfidenceUpperBoundColumn = "Upper",
    ConfidenceLevel = 0.9f,
    Seed = 1,
});

// How good it would have been: trained on the rows before the origins, compared with what came, beside forecasts that need no learning.
Console.WriteLine(ml.Forecasting.Backtest(data, forecaster, numberOfOrigins: 3).Metrics);

// All rows, for what comes after them.
LstmForecastingTransformer model = forecaster.Fit(data);
ml.Model.SaveAtomically(model, data.Schema, "model.zip");

// In production: load, and forecast from the latest rows.
var loaded = ForecastModel.Load("model.zip");
float[] values = [.. data.GetColumn<float>("Value")];
DateTime last = data.GetColumn<DateTime>("Date").Last();
ForecastResult next = loaded.Forecast(values, lastTime: last);
for (int i = 0; i < next.Values.Count; i++)
    Console.WriteLine(FormattableString.Invariant($"{i + 1} ahead: {next.Values[i]:F2} ({next.LowerBounds[i]:F2} to {next.UpperBounds[i]:F2})"));

/// <summary>A row of the file.</summary>
public sealed class Row
{
    [LoadColumn(0)]
    public DateTime Date { get; set; }

    [LoadColumn(1)]
    public float Value { get; set; }
}
