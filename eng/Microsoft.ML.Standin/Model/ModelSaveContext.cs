using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where one model saves itself: its own stream, further streams beside it, and folders for its parts.</summary>
public sealed class ModelSaveContext : IDisposable
{
    internal const string ModelStreamName = "Model.key";

    internal readonly BinaryWriter Writer;
    private readonly RepositoryWriter _repository;
    private readonly string _folder;
    private ModelHeader _header;
    private string _loaderAssemblyName;

    private ModelSaveContext(RepositoryWriter repository, string folder)
    {
        _repository = repository;
        _folder = folder;
        Writer = new BinaryWriter(repository.CreateEntry(folder, ModelStreamName), Encoding.UTF8, leaveOpen: true);
        _header = ModelHeader.Begin(Writer);
    }

    public void Dispose() => Writer.Dispose();

    internal static void SaveModel(RepositoryWriter repository, ICanSaveModel model, string folder)
    {
        if (model is null)
            return;
        using var ctx = new ModelSaveContext(repository, folder);
        model.Save(ctx);
        Contracts.Check(ctx._header.ModelSignature != 0, "ModelSignature not specified!");
        ctx._header.End(ctx.Writer, ctx._loaderAssemblyName);
    }

    internal void SaveModel<T>(T value, string name)
        where T : class, ICanSaveModel => SaveModel(_repository, value, ModelPath.Combine(_folder, name));

    internal void CheckAtModel() =>
        Contracts.Check(Writer.BaseStream.Position == _header.FpModel, "The model has already been written to.");

    internal void SetVersionInfo(VersionInfo ver)
    {
        _header.Set(ver);
        _loaderAssemblyName = ver.LoaderAssemblyName;
    }

    internal void SaveBinaryStream(string name, Action<BinaryWriter> action)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        Contracts.CheckValue(action, nameof(action));
        using var writer = new BinaryWriter(_repository.CreateEntry(_folder, name), Encoding.UTF8, leaveOpen: true);
        action(writer);
    }
}
