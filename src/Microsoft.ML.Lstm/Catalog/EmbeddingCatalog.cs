using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Embedding;
using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML;

/// <summary>Transforms of words, in <c>mlContext.Transforms</c>.</summary>
public static class EmbeddingCatalog
{
    /// <summary>
    /// Creates an estimator that replaces each word of a sequence by a given vector: a column that a trainer reads as one step of D numbers for
    /// each word.
    /// </summary>
    /// <param name="catalog">The transforms.</param>
    /// <param name="outputColumnName">Name of the column of vectors: <c>Vector&lt;Single, words, D&gt;</c>, or <c>Vector&lt;Single, *, D&gt;</c> where the number of words varies.</param>
    /// <param name="inputColumnName">The words: a vector of keys that stand for text (<c>TokenizeIntoWords</c>, then <c>MapValueToKey</c>), or a vector of text. Null: <paramref name="outputColumnName"/>.</param>
    /// <param name="pretrained">The vectors, as <see cref="WordVectors.Load"/> reads them from a file.</param>
    /// <param name="unknownWord">What stands for a word that has no vector, and for the missing key: zeros or the mean of all vectors.</param>
    /// <exception cref="ArgumentException">An argument is null, empty or out of its range.</exception>
    /// <example>
    /// <code><![CDATA[
    /// WordVectors vectors = WordVectors.Load("glove.6B.50d.txt");
    /// var pipeline = ml.Transforms.Text.TokenizeIntoWords("Words", "Text")
    ///     .Append(ml.Transforms.EmbedSequence("Features", "Words", vectors, UnknownWord.Mean))
    ///     .Append(ml.BinaryClassification.Trainers.LstmBinaryClassifier());
    /// ]]></code>
    /// </example>
    public static EmbedSequenceEstimator EmbedSequence(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName,
        WordVectors pretrained,
        UnknownWord unknownWord = UnknownWord.Zero) =>
        new(catalog.GetEnvironment(), new EmbeddingColumns(outputColumnName, inputColumnName ?? outputColumnName, unknownWord), pretrained);
}
