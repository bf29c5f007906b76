using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>Finds the class that loads a saved model, by the signature stored in it.</summary>
public sealed class ComponentCatalog
{
    private readonly Lock _lock = new();
    private readonly HashSet<Assembly> _assemblies = [];
    private readonly Dictionary<(string Name, Type Signature), MethodBase> _loaders = [];

    internal ComponentCatalog()
    {
    }

    internal IReadOnlyCollection<Assembly> RegisteredAssemblies
    {
        get
        {
            lock (_lock)
                return [.. _assemblies];
        }
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        lock (_lock)
        {
            if (!_assemblies.Add(assembly))
                return;
            foreach (LoadableClassAttribute loadable in assembly.GetCustomAttributes<LoadableClassAttribute>())
            {
                MethodBase loader = FindLoader(loadable);
                if (loader is null && throwOnError)
                    throw Contracts.Except(
                        $"Can't instantiate loadable class '{loadable.InstanceType.Name}' with name '{loadable.LoadNames[0]}'");
                Add(loadable, loader, throwOnError);
            }
        }
    }

    internal bool TryCreate(Type signature, string name, IHostEnvironment env, ModelLoadContext ctx, out object result)
    {
        MethodBase loader;
        lock (_lock)
            loader = _loaders.GetValueOrDefault((name.ToLowerInvariant().Trim(), signature));
        result = loader is null ? null : Invoke(loader, env, ctx);
        return loader is not null;
    }

    private static object Invoke(MethodBase loader, IHostEnvironment env, ModelLoadContext ctx)
    {
        try
        {
            object[] arguments = [env, ctx];
            return loader is ConstructorInfo constructor ? constructor.Invoke(arguments) : loader.Invoke(null, arguments);
        }
        catch (TargetInvocationException ex) when (ex.InnerException?.IsMarked() == true)
        {
            throw ((IExceptionContext)null).Except(ex, "Error during class instantiation");
        }
    }

    private static MethodBase FindLoader(LoadableClassAttribute loadable)
    {
        const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic;
        Type[] parameters = [typeof(IHostEnvironment), typeof(ModelLoadContext)];
        MethodInfo create = loadable.LoaderType.GetMethod("Create", Any | BindingFlags.Static, parameters);
        if (create is not null && create.ReturnType == loadable.InstanceType)
            return create;
        return loadable.InstanceType.IsAssignableFrom(loadable.LoaderType)
            ? loadable.LoaderType.GetConstructor(Any | BindingFlags.Instance, parameters)
            : null;
    }

    private void Add(LoadableClassAttribute loadable, MethodBase loader, bool throwOnError)
    {
        foreach (string name in loadable.LoadNames)
        {
            if (!_loaders.TryAdd((name.ToLowerInvariant(), loadable.SignatureType), loader) && throwOnError)
                throw Contracts.Except($"Two loadable classes claim the name '{name}'; the second is {loadable.LoaderType}.");
        }
    }
}
