using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Training;

/// <summary>
/// The right to write one checkpoint file, held from before the first epoch to the end of the training: a lock beside the file, which the system
/// gives back when the process ends, however it ends. So a path that cannot be written, or that another training writes, is noticed at once.
/// </summary>
internal sealed class CheckpointWriter : IDisposable
{
    private readonly string _path;
    private readonly FileStream _lock;

    private CheckpointWriter(string path, FileStream held) => (_path, _lock) = (path, held);

    /// <summary>Takes the right to write a file.</summary>
    /// <exception cref="ArgumentException">There is no such folder, the path is a folder, or it may not be written; names the option.</exception>
    /// <exception cref="IOException">Another training writes to it.</exception>
    public static CheckpointWriter Open(string path)
    {
        string full = Path.GetFullPath(path), held = full + ".lock";
        if (Directory.Exists(full))
            throw Unusable(path, "which is a folder", "a file");
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw Unusable(path, Invariant($"whose folder '{folder}' does not exist"), "a file in a folder that does");
        if (new FileInfo(held).LinkTarget is { } target)
            throw Unusable(path, Invariant($"whose lock '{held}' is a link to '{target}'"), "no link there");
        try
        {
            // A lock left by a killed process is an empty file that nobody holds.
            var stream = new FileStream(held, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return new CheckpointWriter(full, stream);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unusable(path, Invariant($"which may not be written: {e.Message}"), "a file that may be written", e);
        }
        catch (IOException e) when (File.Exists(held))
        {
            throw new IOException(
                Invariant($"{nameof(TrainingOptions.CheckpointPath)} is '{path}', which another training writes to (it holds '{held}'); expected a path of its own for each training."), e);
        }
        catch (IOException e)
        {
            throw Unusable(path, Invariant($"which cannot be written: {e.Message}"), "a file that can be written", e);
        }
    }

    /// <inheritdoc cref="Checkpoint.Save"/>
    public void Save(
        ITrainingEngine engine, IReadOnlyDictionary<string, float[]> state, float[]? bestWeights, TrainingProgress progress, CheckpointScope scope) =>
        Checkpoint.Save(_path, engine, state, bestWeights, progress, scope);

    /// <summary>Gives the right back.</summary>
    public void Dispose() => _lock.Dispose();

    private static ArgumentException Unusable(string path, string found, string expected, Exception? inner = null) =>
        new(Invariant($"{nameof(TrainingOptions.CheckpointPath)} is '{path}', {found}; expected {expected}."), nameof(TrainingOptions.CheckpointPath), inner);
}
