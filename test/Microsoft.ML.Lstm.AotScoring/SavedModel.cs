using System.Globalization;

namespace Microsoft.ML.Lstm.AotScoring;

/// <summary>A model beside what ML.NET scored with it: lines of input and scores, floats as their bits in hexadecimal, or a text.</summary>
internal static class SavedModel
{
    /// <summary>How many lines are scored to other bits.</summary>
    public static int CountDifferences(string path)
    {
        RecurrentModel model = RecurrentModel.Load(path);
        return File.ReadLines(Path.ChangeExtension(path, ".txt")).Count(line => !IsSame(model, line.Split('|')));
    }

    private static bool IsSame(RecurrentModel model, string[] line)
    {
        // The last line of a language model is what it wrote.
        if (line[0] == "generated")
            return line[1].Length > 0;
        if (model.Task == ModelTask.LanguageModel)
            return Bits(model.Predict(model.Tokenize(line[0]))) == line[1];
        float[] values = Floats(line[0]);
        int steps = values.Length / (model.Spec.InputSize + (model.Spec.VocabularySize > 0 ? 1 : 0));
        int numbers = steps * model.Spec.InputSize;
        RecurrentScorer scorer = model.CreateScorer();
        float[] scores = scorer.Score(values.AsSpan(0, numbers), [.. values[numbers..].Select(token => (int)token)]).ToArray();
        // Of a binary classifier the logit, then the probability.
        float[] found = model.Task == ModelTask.BinaryClassification ? [scorer.Outputs[0], .. scores] : scores;
        // The sums of layer normalisation are made in another order since these models were saved.
        return Bits(found) == line[1] || (model.Spec.LayerNormalization && found.Zip(Floats(line[1])).All(pair => MathF.Abs(pair.First - pair.Second) <= 1e-6f * MathF.Abs(pair.Second)));
    }

    private static float[] Floats(string bits) =>
        [.. bits.Split(' ').Select(word => BitConverter.UInt32BitsToSingle(uint.Parse(word, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))];

    private static string Bits(float[] values) =>
        string.Join(' ', values.Select(value => BitConverter.SingleToUInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture)));
}
