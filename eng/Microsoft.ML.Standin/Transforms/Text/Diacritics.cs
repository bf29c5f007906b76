namespace Microsoft.ML.Transforms.Text;

/// <summary>Letters with diacritics of the Latin, Greek and Cyrillic blocks, as Unicode decomposes them.</summary>
internal static class Diacritics
{
    // Each letter, then its forms with diacritics. A table, since without ICU the runtime does not decompose.
    private static readonly string[] Forms =
    [
        "AÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦ", "CÇĆĈĊČ", "EÈÉÊËĒĔĖĘĚȄȆȨ", "IÌÍÎÏĨĪĬĮİǏȈȊ", "NÑŃŅŇǸ", "OÒÓÔÕÖŌŎŐƠǑǪǬȌȎȪȬȮȰ",
        "UÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖ", "YÝŶŸȲ", "aàáâãäåāăąǎǟǡǻȁȃȧ", "cçćĉċč", "eèéêëēĕėęěȅȇȩ", "iìíîïĩīĭįǐȉȋ", "nñńņňǹ",
        "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱ", "uùúûüũūŭůűųưǔǖǘǚǜȕȗ", "yýÿŷȳ", "DĎ", "dď", "GĜĞĠĢǦǴ", "gĝğġģǧǵ", "HĤȞ", "hĥȟ", "JĴ", "jĵǰ",
        "KĶǨ", "kķǩ", "LĹĻĽ", "lĺļľ", "RŔŖŘȐȒ", "rŕŗřȑȓ", "SŚŜŞŠȘ", "sśŝşšș", "TŢŤȚ", "tţťț", "WŴ", "wŵ", "ZŹŻŽ", "zźżž",
        "ÆǢǼ", "æǣǽ", "ƷǮ", "ʒǯ", "ØǾ", "øǿ", "ΑΆ", "ΕΈ", "ΗΉ", "ΙΊΪ", "ΟΌ", "ΥΎΫ", "ΩΏ", "ιΐίϊ", "αά", "εέ", "ηή", "υΰϋύ",
        "οό", "ωώ", "ϒϓϔ", "ЕЀЁӖ", "ГЃ", "ІЇ", "КЌ", "ИЍЙӢӤ", "УЎӮӰӲ", "ийѝӣӥ", "еѐёӗ", "гѓ", "ії", "кќ", "уўӯӱӳ", "ѴѶ",
        "ѵѷ", "ЖӁӜ", "жӂӝ", "АӐӒ", "аӑӓ", "ӘӚ", "әӛ", "ЗӞ", "зӟ", "ОӦ", "оӧ", "ӨӪ", "өӫ", "ЭӬ", "эӭ", "ЧӴ", "чӵ", "ЫӸ", "ыӹ",
    ];

    private static readonly Dictionary<char, char> Plain =
        Forms.SelectMany(f => f[1..].Select(form => (form, f[0]))).ToDictionary(p => p.form, p => p.Item2);

    public static char Remove(char letter) => Plain.GetValueOrDefault(letter, letter);

    public static bool IsCombining(char c) => c
        is (>= '\u0300' and <= '\u036F')
        or (>= '\u0591' and <= '\u05BD') or '\u05C1' or '\u05C2' or '\u05C4' or '\u05C5' or '\u05C7'
        or (>= '\u0610' and <= '\u0615') or (>= '\u064C' and <= '\u065E') or '\u0670';
}
