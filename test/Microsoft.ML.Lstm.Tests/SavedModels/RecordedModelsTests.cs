using System.Globalization;

namespace Microsoft.ML.Lstm.Tests.SavedModels;

/// <summary>
/// The upgrade rule: a model that a version saved loads for ever and gives what it gave, bit for bit. <c>LSTM_RECORD=1</c> in the environment writes what is not there yet, for a new
/// format version; it never overwrites.
/// </summary>
public sealed class RecordedModelsTests
{
    private static readonly string s_folder = Path.Combine(Repository.Root, "test", "Microsoft.ML.Lstm.Tests", "SavedModels", "Recorded");
    private readonly MLContext _ml = new(seed: 1);

    public static TheoryData<string> Names => [.. RecordedModels.Makers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_SavedModel_GivesTheRecordedBits(string name)
    {
        string model = Path.Combine(s_folder, name + ".zip"), outputs = Path.Combine(s_folder, name + ".txt");
        if (!File.Exists(model) && Environment.GetEnvironmentVariable("LSTM_RECORD") == "1")
            Record(name, model, outputs);

        double[] found = RecordedModels.Outputs(_ml, _ml.Model.Load(model, out _));

        Assert.Equal(File.ReadAllText(outputs).Trim(), Bits(found));
    }

    [Fact]
    public void LoadSession_SavedSession_GivesTheRecordedBits()
    {
        ForecastModel forecaster = ForecastModel.Load(Path.Combine(s_folder, "forecaster.zip"));
        string path = Path.Combine(s_folder, "session.safetensors"), outputs = Path.Combine(s_folder, "session.txt");
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("LSTM_RECORD") == "1")
        {
            ForecastSession session = forecaster.CreateSession("a");
            foreach (RecordedModels.Row row in RecordedModels.Data().Where(row => row.Group == "a").Take(9))
                session.Append(row.Value, row.Time);
            session.Save(path);
            File.WriteAllText(outputs, Bits([.. session.Forecast().Values.Select(value => (double)value)]) + "\n");
        }

        ForecastSession loaded = forecaster.LoadSession(path);

        Assert.Equal(File.ReadAllText(outputs).Trim(), Bits([.. loaded.Forecast().Values.Select(value => (double)value)]));
    }

    private void Record(string name, string model, string outputs)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(RecordedModels.Data());
        ITransformer made = RecordedModels.Makers[name](_ml, data);
        _ml.Model.Save(made, data.Schema, model);
        File.WriteAllText(outputs, Bits(RecordedModels.Outputs(_ml, made)) + "\n");
    }

    private static string Bits(double[] values) =>
        string.Join(' ', values.Select(value => BitConverter.DoubleToUInt64Bits(value).ToString("x16", CultureInfo.InvariantCulture)));
}
