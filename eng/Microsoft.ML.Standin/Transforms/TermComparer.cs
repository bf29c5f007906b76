using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Texts are equal by their characters; their order is ordinal.</summary>
internal sealed class TermComparer<T> : IEqualityComparer<T>
{
    public static TermComparer<T> Instance { get; } = new();

    public static bool IsMissing(T value, DataViewType type) => value switch
    {
        ReadOnlyMemory<char> text => text.IsEmpty,
        float.NaN or double.NaN => true,
        _ => type.GetItemType() is KeyDataViewType && EqualityComparer<T>.Default.Equals(value, default),
    };

    public static int Compare(T left, T right) => left is ReadOnlyMemory<char> a && right is ReadOnlyMemory<char> b
        ? a.Span.CompareTo(b.Span, StringComparison.Ordinal) : Comparer<T>.Default.Compare(left, right);

    public bool Equals(T left, T right) => left is ReadOnlyMemory<char> a && right is ReadOnlyMemory<char> b
        ? a.Span.SequenceEqual(b.Span) : EqualityComparer<T>.Default.Equals(left, right);

    public int GetHashCode(T value) => value is ReadOnlyMemory<char> text
        ? string.GetHashCode(text.Span) : EqualityComparer<T>.Default.GetHashCode(value);
}
