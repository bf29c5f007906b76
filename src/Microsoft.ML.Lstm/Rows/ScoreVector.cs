using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>Writes what a scorer predicts into the caller's buffer, which is reused when it is large enough.</summary>
internal static class ScoreVector
{
    /// <summary>Values or probabilities of what was scored last.</summary>
    public static void Set(RecurrentScorer scorer, ref VBuffer<float> destination)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref destination, scorer.Outputs.Length);
        scorer.WriteScores(editor.Values);
        destination = editor.Commit();
    }
}
