using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(CustomMappingLoader), null, typeof(SignatureLoadModel),
    "Custom mapping", CustomMappingLoader.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>A function cannot be saved; the name of its contract and the assembly with the factory can.</summary>
internal static class CustomMappingLoader
{
    public const string LoaderSignature = "CustomTransformer";
    private static readonly VersionInfo Version = TransformVersion.Create("CUSTOMXF", LoaderSignature);

    public static void Save(ModelSaveContext ctx, string contractName, Assembly assembly)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(contractName);
        ctx.Writer.Write(assembly.FullName);
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        string contractName = ctx.Reader.ReadString();
        Assembly assembly = Assembly.Load(ctx.Reader.ReadString());
        env.ComponentCatalog.RegisterAssembly(assembly);
        Type type = env.ComponentCatalog.RegisteredAssemblies.SelectMany(a => a.GetTypes()).FirstOrDefault(
            t => t.GetCustomAttribute<CustomMappingFactoryAttributeAttribute>()?.ContractName == contractName);
        env.Check(type is not null, $"Unable to locate an extension for the contract '{contractName}' in '{assembly.GetName().Name}'.");
        return Activator.CreateInstance(type) is ICustomMappingFactory factory
            ? factory.CreateTransformer(env, contractName)
            : throw env.Except($"The class with contract '{contractName}' must derive from '{typeof(CustomMappingFactory<,>).FullName}'.");
    }
}
