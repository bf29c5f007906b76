#!/usr/bin/env dotnet
// A forecast in one file, without a project: `dotnet run forecast.cs [file.csv]`. Outside this repository the first line below is
// `#:package Microsoft.ML.Lstm@VERSION`.
#:project ../Microsoft.ML.Lstm/Microsoft.ML.Lstm.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using static System.FormattableString;

// The data of the samples lies beside this file, wherever it is run from.
string here = AppContext.GetData("EntryPointFileDirectoryPath") as string ?? "src/Samples.Files";
string path = args.Length > 0 ? args[0] : Path.Combine(here, "../Samples/Data/air-passengers-monthly.csv");
var ml = new MLContext(seed: 1);
IDataView data = ml.Data.LoadFromTextFile<Month>(path, separatorChar: ',', hasHeader: true);
var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
{
    InputColumnNames = ["Value"],
    WindowSize = 24,
    Horizon = 12,
    NumberOfEpochs = 20,
    Seed = 1,
});

Console.WriteLine(ml.Forecasting.Backtest(data, forecaster, numberOfOrigins: 3).Metrics);
float[] values = [.. data.GetColumn<float>("Value")];
Console.WriteLine(string.Join(" ", forecaster.Fit(data).Model.Forecast(values).Values.Select(value => Invariant($"{value:F1}"))));

internal sealed class Month
{
    [LoadColumn(1)]
    public float Value { get; set; }
}
