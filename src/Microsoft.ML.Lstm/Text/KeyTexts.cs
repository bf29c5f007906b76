using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Text;

/// <summary>
/// The text of each key of a column of tokens: its value; without values, its number. Keys that <c>TokenizeIntoCharactersAsKeys</c> made are
/// the characters' codes, and their values names such as &lt;␠&gt;: the character itself is their text.
/// </summary>
internal static class KeyTexts
{
    private const string Role = "input";
    private const string Expected = "a vector of keys, as TokenizeIntoWords with MapValueToKey, or TokenizeIntoCharactersAsKeys make it";

    /// <summary>Refuses a column that is missing or not tokens, as far as a shape without sizes tells.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, Role, name);
        if (column.Kind == SchemaShape.Column.VectorKind.Scalar || !column.IsKey)
            throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Describe());
    }

    /// <summary>The column of tokens.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing or of another type.</exception>
    public static DataViewSchema.Column Find(IExceptionContext context, DataViewSchema schema, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, Role, name);
        return column.Type is VectorDataViewType { ItemType: KeyDataViewType }
            ? column
            : throw SchemaMismatch.IllTyped(context, Role, name, Expected, column.Type.ToString()!);
    }

    /// <summary>The text of each key, that of key 1 first.</summary>
    public static IReadOnlyList<string> Of(IExceptionContext context, DataViewSchema.Column column)
    {
        var key = (KeyDataViewType)((VectorDataViewType)column.Type).ItemType;
        int count = KeyCardinality.Of(context, Role, column, key);
        IReadOnlyList<string> numbers = [.. Enumerable.Range(1, count).Select(k => FormattableString.Invariant($"{k}"))];
        if (KeyValues.Of(context, Role, column) is not { } values || values.Texts.Count != count)
            return numbers;
        bool areCharacters = key.RawType == typeof(ushort) && count == ushort.MaxValue && values.Texts[' ' - 1] == "<\u2420>";
        return areCharacters ? [.. Enumerable.Range(1, count).Select(code => ((char)code).ToString())] : values.Texts;
    }

    /// <summary>The token of each key, that of the missing key 0 first.</summary>
    public static int[] ToTokens(IExceptionContext context, DataViewSchema.Column column, Vocabulary vocabulary) =>
        [Vocabulary.Unknown, .. Of(context, column).Select(vocabulary.Find)];
}
