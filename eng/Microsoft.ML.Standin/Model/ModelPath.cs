using System.IO.Compression;
using System.Reflection;

namespace Microsoft.ML;

internal static class ModelPath
{
    /// <summary>One separator on every system, so that a model moves between them.</summary>
    public static string Combine(string folder, string name) => string.IsNullOrEmpty(folder) ? name : $"{folder}/{name}";
}
