using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Tests.SavedModels;

/// <summary>JSON in which a name is given twice says two things: whichever file it is in, the file is refused.</summary>
public sealed class DuplicateKeyTests
{
    private static readonly MLContext s_ml = new(1);

    private static readonly Dictionary<string, Func<IDataView, IEstimator<ITransformer>>> s_estimators = new()
    {
        ["window"] = _ => s_ml.Transforms.WindowSequence("Window", ["Number"], 3, 1, "Next", timeColumnName: "Time"),
        ["embedding"] = _ => s_ml.Transforms.EmbedSequence("Vectors", "Words", WordVectors.Read(new StringReader("a 1 2\nb 3 4\n"))),
        ["regressor"] = _ => s_ml.Regression.Trainers.LstmRegressor("Number", "Values", hiddenSize: 2, numberOfEpochs: 1),
        ["classifier"] = _ => s_ml.MulticlassClassification.Trainers.LstmClassifier("Class", "Values", hiddenSize: 2, numberOfEpochs: 1),
        ["language model"] = _ => s_ml.Transforms.Text.LstmLanguageModel("Tokens", hiddenSize: 2, numberOfEpochs: 1),
        ["forecaster"] = _ => s_ml.Forecasting.ForecastByLstm(new LstmForecaster.Options
        {
            InputColumnNames = ["Number"], WindowSize = 6, Horizon = 2, HiddenSizes = [2], NumberOfEpochs = 1, ConfidenceLevel = 0.8f,
        }),
    };

    public static TheoryData<string> Names => [.. s_estimators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_NameGivenTwice_IsRefused(string name)
    {
        byte[] file = Save(name, out int objects);
        Assert.True(objects > 0);
        for (int i = 0; i < objects; i++)
        {
            (byte[] damaged, string what) = Damage(file, i);

            Exception? error = Record.Exception(() => s_ml.Model.Load(new MemoryStream(damaged), out _));

            Assert.True(Chain(error).Any(e => e is FormatException or InvalidDataException), $"{name}: {what} with a name twice gives {error?.ToString() ?? "a model"}");
        }
    }

    private static byte[] Save(string name, out int objects)
    {
        IDataView data = Data();
        var stream = new MemoryStream();
        s_ml.Model.Save(s_estimators[name](data).Fit(data), data.Schema, stream);
        byte[] file = stream.ToArray();
        objects = Objects(file).Count;
        return file;
    }

    private static (byte[] File, string What) Damage(byte[] file, int index)
    {
        (string entryName, string? key) = Objects(file)[index];
        var stream = new MemoryStream();
        stream.Write(file);
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            byte[] old = Bytes(zip.GetEntry(entryName)!);
            zip.GetEntry(entryName)!.Delete();
            using Stream entry = zip.CreateEntry(entryName).Open();
            if (key is null)
            {
                entry.Write(System.Text.Encoding.UTF8.GetBytes(Twice(System.Text.Encoding.UTF8.GetString(old))));
            }
            else
            {
                var read = new SafetensorsReader(new MemoryStream(old));
                var written = new SafetensorsWriter();
                foreach ((string name, string text) in read.Metadata)
                    written.Metadata[name] = name == key ? Twice(text) : text;
                foreach (SafetensorsTensor tensor in read.Tensors)
                    written.Add<float>(tensor.Name, tensor.Shape, read.Values<float>(tensor.Name).ToArray());
                written.Write(entry);
            }
        }
        return (stream.ToArray(), $"{entryName} {key}");
    }

    // The entries that are JSON, and in those that are safetensors the metadata that is.
    private static List<(string Entry, string? Key)> Objects(byte[] file)
    {
        var objects = new List<(string, string?)>();
        using var zip = new ZipArchive(new MemoryStream(file));
        foreach (ZipArchiveEntry entry in zip.Entries)
        {
            if (entry.Name.EndsWith(".json", StringComparison.Ordinal))
                objects.Add((entry.FullName, null));
            if (entry.Name.EndsWith(".safetensors", StringComparison.Ordinal))
                objects.AddRange(new SafetensorsReader(new MemoryStream(Bytes(entry))).Metadata.Where(m => m.Value.StartsWith("{\"", StringComparison.Ordinal)).Select(m => (entry.FullName, (string?)m.Key)));
        }
        return objects;
    }

    private static string Twice(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonProperty first = document.RootElement.EnumerateObject().First();
        return $"{{{JsonSerializer.Serialize(first.Name)}:{first.Value.GetRawText()},{json[1..]}";
    }

    private static byte[] Bytes(ZipArchiveEntry entry)
    {
        var bytes = new MemoryStream();
        using Stream stream = entry.Open();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static IEnumerable<Exception> Chain(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
            yield return error;
    }

    private static IDataView Data()
    {
        IDataView rows = s_ml.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row
        {
            Number = i % 5,
            Time = new DateTime(2024, 1, 1).AddHours(i),
            Class = (uint)(i % 2),
            Values = [i, -i],
            Words = ["a", "b"],
        }));
        return s_ml.Transforms.Conversion.MapValueToKey("Tokens", "Words").Fit(rows).Transform(rows);
    }

    private sealed class Row
    {
        public float Number { get; set; }

        public DateTime Time { get; set; }

        [KeyType(2)]
        public uint Class { get; set; }

        [VectorType(2)]
        public float[] Values { get; set; } = [];

        public string[] Words { get; set; } = [];
    }
}
