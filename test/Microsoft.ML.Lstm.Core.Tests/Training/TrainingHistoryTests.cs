using System.Globalization;

namespace Microsoft.ML.Lstm.Core.Tests.Training;

public sealed class TrainingHistoryTests
{
    [Fact]
    public void SaveCsv_AnyCulture_HasALineForEachEpochInInvariantNumbers()
    {
        var history = new TrainingHistory(
            [
                new EpochReport { Epoch = 0, Steps = 10, Loss = 1.5, ValidationLoss = 0.25, IsBest = true, LearningRate = 0.001f,
                    GradientNorm = 0.75, SequencesPerSecond = 1234.5, Seconds = 0.5 },
                new EpochReport { Epoch = 1, Steps = 20, Loss = 1.25, LearningRate = 0.0005f, GradientNorm = 0.5,
                    SequencesPerSecond = 2000, Seconds = 1 },
            ],
            TrainingEnd.Completed, 0);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            history.SaveCsv(path);
            Assert.Equal(
                ["Epoch,Steps,Loss,ValidationLoss,IsBest,LearningRate,GradientNorm,SequencesPerSecond,Seconds",
                    "0,10,1.5,0.25,true,0.001,0.75,1234.5,0.5", "1,20,1.25,,false,0.0005,0.5,2000,1"],
                File.ReadAllLines(path));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            File.Delete(path);
        }
    }
}
