using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Samples.Shared;

/// <summary>A few characters that stand for numbers to the last bit: a recipe run again prints the same, or something differs.</summary>
internal static class Digest
{
    /// <summary>The first twelve digits of the numbers' SHA-256.</summary>
    public static string Of(IEnumerable<float> values) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(values.ToArray())))[..12];
}
