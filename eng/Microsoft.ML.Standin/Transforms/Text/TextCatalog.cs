using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Text;

namespace Microsoft.ML;

public static class TextCatalog
{
    public static TokenizingByCharactersEstimator TokenizeIntoCharactersAsKeys(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        bool useMarkerCharacters = TokenizingByCharactersEstimator.DefaultUseMarkerCharacters) =>
        // As in ML.NET, where the input column must be named although it looks optional.
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName, useMarkerCharacters);

    public static TextNormalizingEstimator NormalizeText(
        this TransformsCatalog.TextTransforms catalog,
        string outputColumnName,
        string inputColumnName = null,
        TextNormalizingEstimator.CaseMode caseMode = TextNormalizingEstimator.CaseMode.Lower,
        bool keepDiacritics = false,
        bool keepPunctuations = true,
        bool keepNumbers = true) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName ?? outputColumnName,
            new TextNormalization(caseMode, keepDiacritics, keepPunctuations, keepNumbers));

    public static WordTokenizingEstimator TokenizeIntoWords(
        this TransformsCatalog.TextTransforms catalog, string outputColumnName, string inputColumnName = null, char[] separators = null) =>
        new(catalog.GetEnvironment(), outputColumnName, inputColumnName ?? outputColumnName, separators);
}
