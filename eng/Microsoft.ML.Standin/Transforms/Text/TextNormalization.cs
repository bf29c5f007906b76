using System.Text;

namespace Microsoft.ML.Transforms.Text;

/// <summary>What becomes of case, diacritics, punctuation and numbers.</summary>
internal sealed record TextNormalization(
    TextNormalizingEstimator.CaseMode CaseMode, bool KeepDiacritics, bool KeepPunctuations, bool KeepNumbers)
{
    public ReadOnlyMemory<char> Apply(ReadOnlyMemory<char> text)
    {
        var result = new StringBuilder(text.Length);
        foreach (char c in text.Span)
        {
            if ((!KeepPunctuations && char.IsPunctuation(c)) || (!KeepNumbers && char.IsNumber(c))
                || (!KeepDiacritics && Diacritics.IsCombining(c)))
                continue;
            char plain = KeepDiacritics ? c : Diacritics.Remove(c);
            result.Append(CaseMode switch
            {
                TextNormalizingEstimator.CaseMode.Lower => char.ToLowerInvariant(plain),
                TextNormalizingEstimator.CaseMode.Upper => char.ToUpperInvariant(plain),
                _ => plain,
            });
        }
        return result.ToString().AsMemory();
    }
}
