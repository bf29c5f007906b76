using System.Text.Json;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Search;

/// <summary>
/// Where a search keeps what it has done: <c>search.json</c> says which search it is, and each finished training has a file and a
/// checkpoint. All are there whole or not at all, so that a search may be killed at any time. One search at a time.
/// </summary>
internal sealed class SearchFolder : IDisposable
{
    private const string IdentityFile = "search.json", SeedName = "Seed";
    private readonly string _path;
    private readonly bool _isTemporary;
    private readonly FileStream _lock;
    private readonly Dictionary<string, string>? _identity;

    /// <summary>Opens or makes a folder.</summary>
    /// <param name="path">The folder; null: a temporary one, which goes when this is disposed of.</param>
    /// <exception cref="ArgumentException">Nothing can be written there.</exception>
    /// <exception cref="IOException">Another search writes to it.</exception>
    /// <exception cref="InvalidDataException">Its <c>search.json</c> cannot be read.</exception>
    public SearchFolder(string? path)
    {
        _isTemporary = path is null;
        _path = path is null ? Directory.CreateTempSubdirectory("lstm-search-").FullName : Path.GetFullPath(path);
        _lock = Hold();
        try
        {
            _identity = Read<Dictionary<string, string>>(PathOf(IdentityFile));
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Folds that validate, each with checkpoints of its own.</summary>
    public int NumberOfFolds { get; init; } = 1;

    /// <summary>The random seed of the search that is there; null: there is none.</summary>
    public int? Seed => _identity is not null && _identity.TryGetValue(SeedName, out string? seed) && int.TryParse(seed, out int value)
        ? value
        : null;

    /// <summary>Refuses a search other than the one that is there; where there is none, it is this from now on.</summary>
    /// <param name="identity">What tells one search from another: names and texts.</param>
    /// <exception cref="InvalidDataException">Names what differs.</exception>
    public void Require(IReadOnlyDictionary<string, string> identity)
    {
        if (_identity is null)
        {
            Write(PathOf(IdentityFile), identity);
            return;
        }
        foreach (string name in identity.Keys.Union(_identity.Keys))
        {
            string found = _identity.GetValueOrDefault(name, "missing"), expected = identity.GetValueOrDefault(name, "none");
            if (found != expected)
                throw new InvalidDataException(
                    Invariant($"The folder '{_path}' holds another search: its {name} is {Excerpt.Of(found)}; ")
                    + Invariant($"expected {Excerpt.Of(expected)}. Take another folder, or search as it did."));
        }
    }

    /// <summary>The job of a rung: from the checkpoint of the same rung, of the one below, or from the beginning.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="rung">The rung.</param>
    /// <param name="epochs">Epochs after which it pauses.</param>
    /// <param name="fold">Of several folds that validate, which: 0 is the latest.</param>
    public SearchJob JobOf(int trial, int rung, int epochs, int fold = 0)
    {
        string own = CheckpointOf(trial, rung, fold), below = CheckpointOf(trial, rung - 1, fold);
        string? from = File.Exists(own) ? own : File.Exists(below) ? below : null;
        return new SearchJob(trial, rung, epochs, own, from);
    }

    /// <summary>The checkpoint of a model that is trained anew on all rows.</summary>
    public string RefitCheckpointOf(int trial, int rung) => PathOf(Invariant($"refit-{trial:D4}.rung-{rung}.checkpoint"));

    /// <summary>What a finished training gave; null: it is not finished.</summary>
    /// <exception cref="InvalidDataException">Its file cannot be read.</exception>
    public SearchRecord? Find(int trial, int rung)
    {
        string path = RecordOf(trial, rung);
        if (Read<SearchRecord>(path) is not { } record)
            return null;
        bool isFinite = record.Score is null or (> double.NegativeInfinity and < double.PositiveInfinity);
        return isFinite && record is { Epochs: >= 0, Settings: not null } ? record : throw new InvalidDataException(
            Invariant($"The file '{path}' has {record.Epochs} epochs and a score of {record.Score}; ")
            + "expected 0 epochs or more, and a finite score or none.");
    }

    /// <summary>
    /// Makes the checkpoint of a finished training that of its rung: one that had stopped early below trains no more, and writes none.
    /// </summary>
    public static void Settle(SearchJob job)
    {
        if (job is { CheckpointPath: { } own, ResumeFrom: { } below } && !File.Exists(own) && File.Exists(below))
            File.Move(below, own);
    }

    /// <summary>Writes down a finished training; the checkpoints below it are needed no more.</summary>
    public void Add(int trial, int rung, SearchRecord record)
    {
        Write(RecordOf(trial, rung), record);
        for (int fold = 0; rung > 0 && fold < NumberOfFolds; fold++)
            File.Delete(CheckpointOf(trial, rung - 1, fold));
    }

    /// <summary>Lets other searches in.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        if (_isTemporary)
            Directory.Delete(_path, recursive: true);
    }

    private FileStream Hold()
    {
        string held = PathOf("search.lock");
        try
        {
            Directory.CreateDirectory(_path);
            return new FileStream(held, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException e) when (File.Exists(held))
        {
            throw new IOException(Invariant($"Folder is '{_path}', which another search writes to (it holds '{held}'); ")
                + "expected a folder of its own for each search.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new ArgumentException(
                Invariant($"Folder is '{_path}', where nothing can be written: {e.Message} Expected a folder that can be written to."),
                nameof(SearchOptions.Folder), e);
        }
    }

    private string PathOf(string name) => Path.Combine(_path, name);

    private string RecordOf(int trial, int rung) => PathOf(Invariant($"trial-{trial:D4}.rung-{rung}.json"));

    private string CheckpointOf(int trial, int rung, int fold) =>
        PathOf(Invariant($"trial-{trial:D4}.rung-{rung}{(fold == 0 ? "" : Invariant($".fold-{fold}"))}.checkpoint"));

    private static T? Read<T>(string path)
        where T : class
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), SavedJson.Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(
                Invariant($"The file '{path}' is not of a search: {Excerpt.Of(e)} Delete it to do again what it was of."), e);
        }
    }

    private static void Write<T>(string path, T value) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, SavedJson.Options));
}
