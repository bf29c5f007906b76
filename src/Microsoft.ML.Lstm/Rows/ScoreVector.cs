using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Models;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>Writes what a model predicts into the caller's buffer, which is reused when it is large enough.</summary>
internal static class ScoreVector
{
    /// <summary>Values or probabilities of a sequence.</summary>
    public static void Set(ScoredSequence scored, ref VBuffer<float> destination)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, scored.Outputs.Length);
        scored.WriteScores(editor.Values);
        destination = editor.Commit();
    }
}
