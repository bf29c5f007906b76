using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Diagnosis.Evidence;

/// <summary>A network's predictions beside the labels.</summary>
/// <param name="Variance">Variance of the predictions, summed over the outputs; NaN when they are classes.</param>
/// <param name="LabelVariance">Variance of their labels, summed alike.</param>
/// <param name="TopClass">The class most often predicted; −1 when the predictions are numeric.</param>
/// <param name="TopShare">Fraction of the predictions that are that class.</param>
/// <param name="LabelClasses">How many classes the labels are of.</param>
internal readonly record struct PredictionEvidence(double Variance, double LabelVariance, int TopClass, double TopShare, int LabelClasses)
{
    /// <summary>Compares raw outputs [target rows, outputs] with a batch's labels.</summary>
    public static PredictionEvidence Of(LossSpec loss, SequenceBatch batch, ReadOnlySpan<float> outputs, int outputSize)
    {
        bool binary = loss.Kind == LossKind.BinaryCrossEntropy;
        if (loss.TargetsAreClasses || (binary && outputSize == 1))
            return OfClasses(batch, outputs, outputSize);
        int perTarget = outputSize / batch.TargetSize;
        double predicted = 0, labels = 0;
        for (int j = 0; j < outputSize; j++)
        {
            predicted += VarianceOf(outputs, outputSize, j, batch.TargetRows, sigmoid: binary);
            labels += VarianceOf(batch.Targets, batch.TargetSize, j / perTarget, batch.TargetRows, sigmoid: false);
        }
        return new PredictionEvidence(predicted, labels, -1, 0, 0);
    }

    private static PredictionEvidence OfClasses(SequenceBatch batch, ReadOnlySpan<float> outputs, int outputSize)
    {
        int[] counts = new int[Math.Max(2, outputSize)];
        var labels = new HashSet<int>();
        int total = 0;
        for (int row = 0; row < batch.TargetRows; row++)
        {
            int label = outputSize == 1 ? (batch.Targets[row] > 0.5f ? 1 : 0) : batch.Classes[row];
            if (label < 0)
                continue;
            ReadOnlySpan<float> prediction = outputs.Slice(row * outputSize, outputSize);
            counts[outputSize == 1 ? (prediction[0] > 0 ? 1 : 0) : Largest(prediction)]++;
            labels.Add(label);
            total++;
        }
        int top = Array.IndexOf(counts, counts.Max());
        return new PredictionEvidence(double.NaN, double.NaN, top, (double)counts[top] / total, labels.Count);
    }

    private static int Largest(ReadOnlySpan<float> values)
    {
        int largest = 0;
        for (int i = 1; i < values.Length; i++)
            if (values[i] > values[largest])
                largest = i;
        return largest;
    }

    private static double VarianceOf(ReadOnlySpan<float> values, int size, int column, int rows, bool sigmoid)
    {
        var moments = new RunningMoments();
        for (int row = 0; row < rows; row++)
        {
            double value = values[(row * size) + column];
            moments.Add(sigmoid ? 1 / (1 + Math.Exp(-value)) : value);
        }
        return moments.Variance;
    }
}
