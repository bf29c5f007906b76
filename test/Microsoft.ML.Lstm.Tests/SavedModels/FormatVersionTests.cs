using System.IO.Compression;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Lstm.Tests.SavedModels;

/// <summary>The upgrade rule's other half: of every format, each version that was ever written lies in the tests, so that none can be
/// forgotten when the next comes.</summary>
public sealed partial class FormatVersionTests
{
    [Fact]
    public void Fixtures_EveryVersionOfEveryFormat_AreThere()
    {
        HashSet<(string, int)> recorded = [.. Fixtures().SelectMany(Found)];
        (string Name, int Version)[] formats = [.. Formats()];

        Assert.True(formats.Length >= 5, string.Join(", ", formats));
        string[] missing = [.. formats.SelectMany(format => Enumerable.Range(1, format.Version).Select(version => (format.Name, version)))
            .Where(format => !recorded.Contains(format)).Select(format => $"{format.Name} {format.version}")];
        Assert.True(missing.Length == 0, "Without a file in the tests: " + string.Join(", ", missing));
    }

    // A constant of each class that reads or writes one.
    private static IEnumerable<(string, int)> Formats()
    {
        const BindingFlags Statics = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public;
        foreach (Type type in new[] { typeof(RecurrentModel).Assembly, typeof(LstmRegressor).Assembly }.SelectMany(assembly =>
            assembly.GetTypes()).Where(type => !type.ContainsGenericParameters))
            foreach (FieldInfo field in type.GetFields(Statics).Where(field => field.FieldType.Name == "FileFormat"))
            {
                object format = field.GetValue(null)!;
                yield return ((string)format.GetType().GetProperty("Name")!.GetValue(format)!, (int)format.GetType()
                    .GetProperty("Version")!.GetValue(format)!);
            }
    }

    private static IEnumerable<byte[]> Fixtures()
    {
        string tests = Path.Combine(Repository.Root, "test");
        string[] folders = ["Microsoft.ML.Lstm.Tests/SavedModels/Recorded", "Microsoft.ML.Lstm.Tests/Models/Version1",
            "Microsoft.ML.Lstm.Tests/Fixtures", "Microsoft.ML.Lstm.Core.Tests/Fixtures"];
        foreach (string path in folders.SelectMany(folder => Directory.GetFiles(Path.Combine(tests, folder))))
        {
            if (Path.GetExtension(path) == ".safetensors")
                yield return File.ReadAllBytes(path);
            if (Path.GetExtension(path) != ".zip")
                continue;
            using ZipArchive archive = ZipFile.OpenRead(path);
            foreach (ZipArchiveEntry entry in archive.Entries.Where(entry => entry.Name.EndsWith(".safetensors", StringComparison.Ordinal)))
            {
                using Stream stream = entry.Open();
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                yield return copy.ToArray();
            }
        }
    }

    // A safetensors file is the length of its header, then the header.
    private static IEnumerable<(string, int)> Found(byte[] file)
    {
        string header = Encoding.UTF8.GetString(file, 8, (int)BitConverter.ToInt64(file));
        if (FormatName().Match(header) is { Success: true } name && FormatVersion().Match(header) is { Success: true } version)
            yield return (name.Groups[1].Value, int.Parse(version.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("\"format\":\"([^\"]+)\"")]
    private static partial Regex FormatName();

    [GeneratedRegex("\"format_version\":\"([0-9]+)\"")]
    private static partial Regex FormatVersion();
}
