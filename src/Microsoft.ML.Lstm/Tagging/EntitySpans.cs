namespace Microsoft.ML.Lstm.Tagging;

/// <summary>
/// The entities that BIO tags mark, as the CoNLL-2003 evaluation reads them: <c>B-type</c> begins one, <c>I-type</c> goes on with one of the
/// same type, and begins one where there is none to go on with.
/// </summary>
internal static class EntitySpans
{
    private const string Outside = "O";

    /// <summary>Whether these are all the tags of such a scheme.</summary>
    public static bool AreBio(IEnumerable<string> tags) =>
        tags.All(tag => tag == Outside || (tag.Length > 2 && tag[0] is 'B' or 'I' && tag[1] == '-')) && tags.Any(tag => tag != Outside);

    /// <summary>The entities of a sequence; a missing tag is outside.</summary>
    public static HashSet<(int First, int Last, string Type)> Of(IReadOnlyList<string?> tags)
    {
        var spans = new HashSet<(int, int, string)>();
        string? open = null;
        int first = 0;
        for (int i = 0; i <= tags.Count; i++)
        {
            string tag = i < tags.Count ? tags[i] ?? Outside : Outside;
            string? type = tag == Outside ? null : tag[2..];
            if (open is not null && (type != open || tag[0] == 'B'))
            {
                spans.Add((first, i - 1, open));
                open = null;
            }
            if (open is null && type is not null)
                (open, first) = (type, i);
        }
        return spans;
    }
}
