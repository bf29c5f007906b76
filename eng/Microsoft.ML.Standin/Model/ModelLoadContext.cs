using System.Reflection;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where one model loads itself from: the counterpart of ModelSaveContext.</summary>
internal sealed class ModelLoadContext : IDisposable
{
    public readonly RepositoryReader Repository;
    public readonly string Directory;
    public readonly BinaryReader Reader;
    public readonly string LoaderAssemblyName;
    private readonly ModelHeader _header;

    private ModelLoadContext(RepositoryReader repository, Stream stream, string folder)
    {
        Repository = repository;
        Directory = folder;
        Reader = new BinaryReader(stream, Encoding.UTF8);
        _header = ModelHeader.Read(Reader, out LoaderAssemblyName);
    }

    public void Dispose() => Reader.Dispose();

    public void CheckAtModel() =>
        Contracts.Check(Reader.BaseStream.Position == _header.FpModel, "The model has already been read from.");

    public void CheckAtModel(VersionInfo ver)
    {
        CheckAtModel();
        CheckVersionInfo(ver);
    }

    public void CheckVersionInfo(VersionInfo ver) => _header.Check(ver);

    public bool TryLoadBinaryStream(string name, Action<BinaryReader> action)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        Contracts.CheckValue(action, nameof(action));
        using MemoryStream stream = Repository.OpenEntryOrNull(Directory, name);
        if (stream is null)
            return false;
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        action(reader);
        return true;
    }

    public void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, string name)
        where TRes : class => LoadModel<TRes, TSig>(env, out result, Repository, ModelPath.Combine(Directory, name));

    public static void LoadModel<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader repository, string folder)
        where TRes : class
    {
        if (!LoadModelOrNull<TRes, TSig>(env, out result, repository, folder))
            throw env.ExceptDecode("Corrupt model file");
    }

    public static bool LoadModelOrNull<TRes, TSig>(IHostEnvironment env, out TRes result, RepositoryReader repository, string folder)
        where TRes : class
    {
        result = null;
        using MemoryStream stream = repository.OpenEntryOrNull(folder, ModelSaveContext.ModelStreamName);
        if (stream is null)
            return false;
        using var ctx = new ModelLoadContext(repository, stream, folder);
        result = ctx.Create(env, typeof(TSig)) as TRes ?? throw env.ExceptDecode($"Couldn't load model: '{folder}'");
        return true;
    }

    private object Create(IHostEnvironment env, Type signature)
    {
        // Loaded by name, so that a model opens in a program that has not yet touched the assembly of its transformer.
        if (!string.IsNullOrEmpty(LoaderAssemblyName))
            env.ComponentCatalog.RegisterAssembly(Assembly.Load(LoaderAssemblyName));
        if (!env.ComponentCatalog.TryCreate(signature, _header.Loader.ToString(), env, this, out object model)
            && !env.ComponentCatalog.TryCreate(signature, _header.LoaderAlt.ToString(), env, this, out model))
            return null;
        env.CheckDecode(Reader.BaseStream.Position == _header.FpModel + _header.CbModel,
            $"The loader of '{Directory}' stopped at byte {Reader.BaseStream.Position} of {_header.FpModel + _header.CbModel}.");
        return model;
    }
}
