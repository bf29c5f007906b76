using System.IO.Hashing;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>A hash of what the keys of columns stand for, so that processes that have numbered them otherwise are told apart.</summary>
internal static class KeyValuesHash
{
    /// <summary>The hash as hexadecimal digits; null if no column has keys that stand for anything.</summary>
    /// <param name="context">Where exceptions are said to come from.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="names">Which of them.</param>
    public static string? Of(IExceptionContext context, DataViewSchema schema, params IEnumerable<string> names)
    {
        var hash = new XxHash128();
        bool hasAny = false;
        foreach (string name in names)
        {
            DataViewType type = schema[name].Type;
            if (((type as VectorDataViewType)?.ItemType ?? type) is not KeyDataViewType
                || KeyValues.Of(context, ILabelColumn.Role, schema[name]) is not { } values)
                continue;
            hasAny = true;
            foreach (string text in values.Texts)
                hash.Append(Encoding.UTF8.GetBytes(Invariant($"{text.Length}:{text}")));
        }
        return hasAny ? Convert.ToHexStringLower(hash.GetCurrentHash()) : null;
    }
}
