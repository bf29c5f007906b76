using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>Writes a dense vector into the caller's buffer, which is reused when it is large enough.</summary>
internal static class VectorValue
{
    public static void Set<T>(ReadOnlySpan<T> values, ref VBuffer<T> destination)
    {
        VBufferEditor<T> editor = VBufferEditor.Create(ref destination, values.Length);
        values.CopyTo(editor.Values);
        destination = editor.Commit();
    }
}
