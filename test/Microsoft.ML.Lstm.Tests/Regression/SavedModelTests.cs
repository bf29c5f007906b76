using System.IO.Compression;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Tests.Regression;

public sealed class SavedModelTests : IDisposable
{
    private readonly MLContext _ml = new(1);
    private readonly string _folder = Directory.CreateTempSubdirectory("lstm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Save_Weights_AreOneEntryThatCoreReads()
    {
        using ZipArchive zip = ZipFile.OpenRead(Save());

        ZipArchiveEntry entry = Assert.Single(zip.Entries, e => e.FullName.EndsWith("Network.safetensors", StringComparison.Ordinal));
        using Stream stream = entry.Open();
        ModelFile model = ModelFile.Read(stream);
        Assert.Equal((2, 1), (model.Spec.InputSize, model.Spec.OutputSize));
        Assert.NotNull(model.FeatureScaling);
    }

    [Fact]
    public void Load_NetworkOfNewerVersion_NamesBothVersions()
    {
        string path = Save();
        Change(path, "Network.safetensors", "\"format_version\":\"3\"", "\"format_version\":\"4\"");

        string error = LoadError(path);

        Assert.Contains("format version is 4; expected at most 3: it was written by a newer version of Microsoft.ML.Lstm", error, StringComparison.Ordinal);
        Assert.Contains("Network.safetensors", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TransformerOfNewerVersion_IsRefused()
    {
        string path = Save();
        // Versions in the header of ML.NET's own: 1.1 written and needed to read become 1.2.
        Change(path, "Model.key", Version(1), Version(2), entry => entry.Contains("Transform_001", StringComparison.Ordinal));

        Assert.Contains("too new", LoadError(path), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Network.safetensors")]
    [InlineData("Window.json")]
    public void Load_EntryCutOffOrMissing_IsNamed(string entry)
    {
        string cut = Save(), missing = Save();
        Rewrite(cut, entry, bytes => bytes[..(bytes.Length / 2)]);
        Rewrite(missing, entry, _ => null);

        Assert.Contains($"'{entry}'", LoadError(cut), StringComparison.Ordinal);
        Assert.Contains($"'{entry}'", LoadError(missing), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("This is no model.")]
    public void Load_FileThatIsNoModel_IsRefused(string content)
    {
        string path = Path.Combine(_folder, "no-model.zip");
        File.WriteAllText(path, content);

        Assert.ThrowsAny<FormatException>(() => _ml.Model.Load(path, out _));
    }

    private static string Version(int minor) => Encoding.Latin1.GetString([(byte)minor, 0, 1, 0, (byte)minor, 0, 1, 0]);

    // ML.NET wraps what a loader throws.
    private string LoadError(string path)
    {
        Exception error = Assert.ThrowsAny<Exception>(() => _ml.Model.Load(path, out _));
        while (error is not FormatException && error.InnerException is { } inner)
            error = inner;
        return Assert.IsType<FormatException>(error).Message;
    }

    private string Save()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Series.Wave(30));
        var chain = _ml.Transforms.WindowSequence("Window", ["Value", "Other"], 5, 1, "Future")
            .Append(_ml.Regression.Trainers.LstmRegressor("Future", "Window", numberOfEpochs: 1));
        string path = Path.Combine(_folder, Guid.NewGuid() + ".zip");
        _ml.Model.Save(chain.Fit(data), data.Schema, path);
        return path;
    }

    private static void Change(string path, string entryName, string from, string to, Func<string, bool>? which = null) => Rewrite(path, entryName, bytes =>
    {
        string text = Encoding.Latin1.GetString(bytes);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.Latin1.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }, which);

    private static void Rewrite(string path, string entryName, Func<byte[], byte[]?> change, Func<string, bool>? which = null)
    {
        using ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Update);
        foreach (ZipArchiveEntry entry in zip.Entries.Where(e => e.Name == entryName && which?.Invoke(e.FullName) != false).ToArray())
        {
            using var copy = new MemoryStream();
            using (Stream old = entry.Open())
                old.CopyTo(copy);
            string name = entry.FullName;
            entry.Delete();
            if (change(copy.ToArray()) is not { } changed)
                continue;
            using Stream stream = zip.CreateEntry(name).Open();
            stream.Write(changed);
        }
    }
}
