using System.Globalization;
using System.Text;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm;

/// <summary>How a training went.</summary>
/// <param name="Epochs">One report per epoch, those before a resume included.</param>
/// <param name="End">Why it ended.</param>
/// <param name="BestEpoch">The epoch with the best watched loss, from 0; null when no epoch was finished.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochReport> Epochs, TrainingEnd End, int? BestEpoch)
{
    /// <summary>Writes the epochs as a CSV; the file is there whole or not at all.</summary>
    /// <param name="path">Where to; its folder must exist.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <example>
    /// <code>
    /// var trained = ml.Regression.Trainers.LstmRegressor("Label", "Features", numberOfEpochs: 2).Fit(trainData);
    /// trained.History.SaveCsv("history.csv");
    /// </code>
    /// </example>
    public void SaveCsv(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] text = Encoding.UTF8.GetBytes(ToCsv());
        AtomicFile.Write(path, stream => stream.Write(text));
    }

    /// <summary>
    /// The epochs as a CSV: a header with the names of <see cref="EpochReport"/>'s properties, a line for each epoch, numbers in the invariant culture, nothing where there is no validation.
    /// </summary>
    public string ToCsv()
    {
        var text = new StringBuilder("Epoch,Steps,Loss,ValidationLoss,IsBest,LearningRate,GradientNorm,SequencesPerSecond,Seconds\n");
        foreach (EpochReport epoch in Epochs)
            text.Append(CultureInfo.InvariantCulture, $"{epoch.Epoch},{epoch.Steps},{epoch.Loss:R},{epoch.ValidationLoss:R},{(epoch.IsBest ? "true" : "false")},{epoch.LearningRate:R},")
                .Append(CultureInfo.InvariantCulture, $"{epoch.GradientNorm:R},{epoch.SequencesPerSecond:R},{epoch.Seconds:R}\n");
        return text.ToString();
    }
}
