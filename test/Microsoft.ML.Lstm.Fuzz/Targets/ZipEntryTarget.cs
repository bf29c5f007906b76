using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Fuzz.Targets;

/// <summary>One entry of a model .zip: put back into the archive, loaded by ML.NET, scored.</summary>
internal sealed class ZipEntryTarget : IFuzzTarget
{
    private readonly MLContext _ml = new(1);
    private readonly (string Name, byte[] Content)[] _others;
    private readonly string _entry;
    private readonly IDataView _data;

    /// <param name="name">What the model is.</param>
    /// <param name="zip">The archive.</param>
    /// <param name="file">Name of the entry's file.</param>
    /// <param name="data">Rows to score.</param>
    /// <param name="mutations">What may be done to the entry.</param>
    public ZipEntryTarget(string name, byte[] zip, string file, IDataView data, params IMutation[] mutations)
    {
        (Name, Mutations, _data) = ($"{name}/{file}", mutations, data);
        using var archive = new ZipArchive(new MemoryStream(zip));
        _entry = archive.Entries.First(e => e.Name == file).FullName;
        _others = [.. archive.Entries.Where(e => e.FullName != _entry).Select(e => (e.FullName, Content(e)))];
        Valid = Content(archive.GetEntry(_entry)!);
    }

    public string Name { get; }

    public byte[] Valid { get; }

    public IReadOnlyList<IMutation> Mutations { get; }

    public void Run(byte[] file)
    {
        ITransformer model = _ml.Model.Load(new MemoryStream(file), out _);
        try
        {
            Score(model);
        }
        catch (Exception e) when (Innermost(e) is ArgumentException or InvalidOperationException)
        {
            // A column by another name is a model of other data.
        }
    }

    // ML.NET gives what a loader throws as the inner exception of its own.
    public bool IsRefusal(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
            if (e is FormatException)
                return true;
        return false;
    }

    /// <summary>The archive with another entry.</summary>
    public byte[] Pack(byte[] content)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] other) in _others)
                Add(archive, name, other);
            Add(archive, _entry, content);
        }
        return stream.ToArray();
    }

    private void Score(ITransformer model)
    {
        model.Transform(_data).Preview(maxRows: 3);
        if ((model as TransformerChain<ITransformer>)?.LastTransformer is LstmLanguageModelTransformer language)
            language.Generate("one", length: 3, seed: 1);
    }

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
            error = inner;
        return error;
    }

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(content);
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var copy = new MemoryStream();
        using Stream stream = entry.Open();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
