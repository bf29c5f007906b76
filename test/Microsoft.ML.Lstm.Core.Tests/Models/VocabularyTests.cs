using Microsoft.ML.Lstm.Models;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

public sealed class VocabularyTests
{
    private const string High = "\ud83d", Low = "\ude00", Emoji = High + Low, Replacement = "\ufffd";

    [Fact]
    public void Save_HalvesOfCharacters_ComeBackAsTheyWere()
    {
        string[] texts = ["<unk>", High, Low, "\ud83e", "\\", "\"", "\\ud83d", "ä", "a\ud83db", Emoji, "\u0001\n"];
        var stream = new MemoryStream();
        TestModel.Language(new Vocabulary(texts, null)).Save(stream);
        stream.Position = 0;

        Assert.Equal(texts, RecurrentModel.Load(stream).OutputNames);
    }

    // H and L stand for the halves, which an attribute cannot hold, E for both, R for the replacement character.
    [Theory]
    [InlineData("H L", "E")]
    [InlineData("a H L b", "a E b")]
    [InlineData("H a", "R a")]
    [InlineData("H H L", "R E")]
    [InlineData("L <eos> H", "R <eos> R")]
    public void WholeCharacters_HalvesWithAndWithoutPartner_AreJoinedOrReplaced(string tokens, string expected) =>
        Assert.Equal(Spell(expected), Vocabulary.WholeCharacters(Spell(tokens)));

    private static IEnumerable<string> Spell(string names) =>
        names.Split(' ').Select(name => name switch { "H" => High, "L" => Low, "E" => Emoji, "R" => Replacement, _ => name });

    [Fact]
    public void Generate_ModelOfHalves_WritesNoHalf()
    {
        RecurrentModel model = TestModel.Language(new Vocabulary(["<unk>", "a", High, Low, "\ud83e", "\udd14"], null));

        string text = model.Generate("a" + Emoji, 200, seed: 1);

        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)));
        Assert.Contains(text.EnumerateRunes(), rune => rune.Value > 0xffff);
        Assert.Equal(text, string.Concat(model.GenerateTokens(["a", Emoji], 200, seed: 1)));
        Assert.Equal([1, 2, 3], model.Tokenize("a" + Emoji));
    }
}
