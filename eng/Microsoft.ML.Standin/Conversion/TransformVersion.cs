namespace Microsoft.ML.Data;

internal static class TransformVersion
{
    private const uint First = 0x00010001;

    public static VersionInfo Create(string modelSignature, string loaderSignature) => new(
        modelSignature: modelSignature,
        verWrittenCur: First,
        verReadableCur: First,
        verWeCanReadBack: First,
        loaderSignature: loaderSignature,
        loaderAssemblyName: typeof(TransformVersion).Assembly.FullName);
}
