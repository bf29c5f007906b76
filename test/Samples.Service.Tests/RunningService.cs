using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.ML;
using Microsoft.ML.Lstm;

namespace Samples.Service.Tests;

/// <summary>The service in this process, with a folder of its own for model and sessions.</summary>
internal sealed class RunningService : WebApplicationFactory<Program>
{
    private readonly string _folder = Directory.CreateTempSubdirectory("service").FullName;
    private bool _isDisposing;

    public RunningService(bool hasModel = true)
    {
        if (hasModel)
            Save(1);
    }

    private RunningService(string folder) => _folder = folder;

    /// <summary>Whether the folder stays for another run.</summary>
    public bool KeepsFolder { get; init; }

    public string ModelPath => Path.Combine(_folder, "model.zip");

    public ForecastModel Model => ForecastModel.Load(ModelPath);

    /// <summary>Another run of the service in the same folder.</summary>
    public RunningService Restarted() => new(_folder);

    /// <summary>Writes a forecaster, as a training job would.</summary>
    public void Save(int seed)
    {
        var ml = new MLContext(seed);
        IDataView data = ml.Data.LoadFromEnumerable(Values(120).Select(value => new Row { Value = value }));
        var forecaster = ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Value"],
            WindowSize = 24,
            Horizon = 6,
            HiddenSizes = [4],
            NumberOfEpochs = 1,
            ConfidenceLowerBoundColumn = "Lower",
            ConfidenceUpperBoundColumn = "Upper",
            Seed = seed,
        });
        ml.Model.SaveAtomically(forecaster.Fit(data), data.Schema, ModelPath);
    }

    public static float[] Values(int count) => [.. Enumerable.Range(0, count).Select(i => 50 + (10 * MathF.Sin(i * MathF.PI / 6)))];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("Forecasting:ModelPath", ModelPath);
        builder.UseSetting("Forecasting:SessionFolder", Path.Combine(_folder, "sessions"));
        builder.UseSetting("Forecasting:ReloadSeconds", "0.02");
        builder.UseSetting("Forecasting:MaximumDevices", "3");
    }

    protected override void Dispose(bool disposing)
    {
        // The base's Dispose calls its DisposeAsync, which calls this again while the service still saves its sessions.
        bool isOutermost = !_isDisposing;
        _isDisposing = true;
        base.Dispose(disposing);
        for (int tries = 0; isOutermost && disposing && !KeepsFolder && Directory.Exists(_folder); tries++)
            try
            {
                Directory.Delete(_folder, recursive: true);
            }
            catch (IOException) when (tries < 100)
            {
                // A session is being saved to it.
                Thread.Sleep(20);
            }
    }

    private sealed class Row
    {
        public float Value { get; set; }
    }
}
