namespace Microsoft.ML.Transforms;

/// <summary>Names the contract under which a saved custom mapping finds the factory it stands on.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomMappingFactoryAttributeAttribute(string contractName) : Attribute
{
    internal string ContractName { get; } = contractName;
}
