using System.Runtime.CompilerServices;
using Microsoft.ML.Lstm.Tests.Text;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Tests.Trainers;

/// <summary><c>MLContext.CancelExecution</c> stops what an option's token stops.</summary>
public class CancelExecutionTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void CancelExecution_DuringTraining_ThrowsBeforeTheNextEpoch()
    {
        int epochs = 0;
        var trainer = _ml.Regression.Trainers.LstmRegressor(Options(_ => { epochs++; CancelExecution(_ml); }));

        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Fit(_ml.Data.LoadFromEnumerable(Series.Examples(20))));

        Assert.Equal(1, epochs);
    }

    [Fact]
    public void CancelExecution_KeepWeights_GivesTheModelSoFar()
    {
        LstmRegressor.Options options = Options(_ => CancelExecution(_ml));
        options.KeepWeightsOnCancellation = true;

        TrainingHistory history = _ml.Regression.Trainers.LstmRegressor(options).Fit(_ml.Data.LoadFromEnumerable(Series.Examples(20))).History;

        Assert.Equal(TrainingEnd.Cancelled, history.End);
        Assert.Single(history.Epochs);
    }

    [Fact]
    public void CancelExecution_WhileRowsAreRead_Throws()
    {
        IEnumerable<Example> Rows()
        {
            foreach (Example row in Series.Examples(20))
                yield return row;
            CancelExecution(_ml);
            while (true)
                yield return new Example();
        }

        Assert.ThrowsAny<OperationCanceledException>(() => _ml.Regression.Trainers.LstmRegressor(Options(_ => { })).Fit(_ml.Data.LoadFromEnumerable(Rows())));
    }

    [Fact]
    public void CancelExecution_LanguageModel_Throws()
    {
        LstmLanguageModel.Options options = Sentences.Quick();
        (options.NumberOfEpochs, options.Patience, options.EpochDone) = (1000, null, _ => CancelExecution(_ml));

        Assert.ThrowsAny<OperationCanceledException>(() => Sentences.WordPipeline(_ml).Append(_ml.Transforms.Text.LstmLanguageModel(options)).Fit(Sentences.Load(_ml, 20)));
    }

    // What AutoML calls; ML.NET has it internal.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "CancelExecution")]
    private static extern void CancelExecution(MLContext context);

    private static LstmRegressor.Options Options(Action<EpochReport> epochDone) =>
        new() { HiddenSizes = [4], NumberOfEpochs = 1000, NumberOfThreads = 1, Patience = null, EpochDone = epochDone };
}
