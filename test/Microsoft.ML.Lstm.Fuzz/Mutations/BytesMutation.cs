using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Fuzz.Mutations;

/// <summary>Damage that knows nothing of the format: bits, bytes, pieces cut out, doubled or moved, an end that is missing.</summary>
internal sealed class BytesMutation : IMutation
{
    private static readonly byte[] Telling = [0, 1, 0x20, 0x22, 0x2C, 0x2D, 0x30, 0x39, 0x5B, 0x5D, 0x7B, 0x7D, 0x7F, 0x80, 0xFF];

    public byte[] Apply(byte[] file, RandomStream random)
    {
        if (file.Length == 0)
            return file;
        byte[] copy = [.. file];
        int at = random.NextInt(file.Length), length = Math.Min(1 + random.NextInt(32), file.Length - at);
        switch (random.NextInt(7))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.NextInt(8));
                return copy;
            case 1:
                copy[at] = Telling[random.NextInt(Telling.Length)];
                return copy;
            case 2:
                return file[..at];
            case 3:
                return [.. file[..at], .. file[(at + length)..]];
            case 4:
                return [.. file[..at], .. file[at..(at + length)], .. file[at..]];
            case 5:
                for (int i = 0; i < length; i++)
                    copy[at + i] = (byte)random.NextInt(256);
                return copy;
            default:
                int from = random.NextInt(file.Length - length + 1);
                file.AsSpan(from, length).CopyTo(copy.AsSpan(at));
                return copy;
        }
    }
}
