using System.Text;
using Microsoft.ML.Lstm.Randomness;

namespace Microsoft.ML.Lstm.Fuzz.Mutations;

/// <summary>Damage to text of words and numbers: one of them becomes another, or a line is lost or doubled.</summary>
internal sealed class WordsMutation : IMutation
{
    private static readonly string[] Words =
    [
        "", "NaN", "1e39", "-1e400", "1,5", "0x10", "2147483647", "-1", "999999999999", "\u0000", "\ud83d\ude00", "the", "1", "(1)", "1e", "\t", "\r", "Infinity", "١",
    ];

    public byte[] Apply(byte[] file, RandomStream random)
    {
        List<string> lines = [.. Encoding.UTF8.GetString(file).Split('\n')];
        int at = random.NextInt(lines.Count);
        switch (random.NextInt(6))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[random.NextInt(lines.Count)]);
                break;
            default:
                string[] words = lines[at].Split(' ');
                words[random.NextInt(words.Length)] = random.NextInt(40) == 0 ? new string('7', 100_000) : Words[random.NextInt(Words.Length)];
                lines[at] = string.Join(' ', words);
                break;
        }
        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }
}
