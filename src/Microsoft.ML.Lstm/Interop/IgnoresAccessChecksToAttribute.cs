using System.Runtime.CompilerServices;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace System.Runtime.CompilerServices;

/// <summary>
/// Tells the runtime, which knows this attribute by its name, that the assembly carrying it may use the internals of another.
/// A saved model is found through ML.NET's internal LoadableClassAttribute, what a data view was made of through IDataTransform, and a graph of ONNX is
/// written through ITransformCanSaveOnnx; there is no public way.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>Simple name of the assembly whose internals are used.</summary>
    public string AssemblyName { get; } = assemblyName;
}
