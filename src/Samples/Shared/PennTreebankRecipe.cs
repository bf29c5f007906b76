using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Lstm.Training.Optimizers;
using Microsoft.ML.Lstm.Training.Schedules;

namespace Samples.Shared;

/// <summary>A language model of Zaremba, Sutskever and Vinyals (2014), two layers of LSTM, and the perplexity that was published for it.</summary>
/// <param name="Name">What to call it on the command line.</param>
/// <param name="HiddenSize">Units of each layer, and length of the embeddings.</param>
/// <param name="Steps">Words over which errors are propagated back.</param>
/// <param name="Scale">Weights begin uniform in ± this.</param>
/// <param name="Dropout">On the embeddings and on the outputs of both layers.</param>
/// <param name="FullRateEpochs">Epochs at learning rate 1.</param>
/// <param name="Decay">What the rate is multiplied by in each later epoch.</param>
/// <param name="Epochs">Passes over the text.</param>
/// <param name="Published">Published perplexity on the validation text.</param>
/// <param name="Wanted">The perplexity to reach.</param>
internal sealed record PennTreebankRecipe(
    string Name, int HiddenSize, int Steps, float Scale, float Dropout, int FullRateEpochs, float Decay, int Epochs, double Published, double Wanted)
{
    public static readonly PennTreebankRecipe[] All =
    [
        new("small", 200, 20, 0.1f, 0, 4, 0.5f, 13, 121.39, 121.4),
        new("medium", 650, 35, 0.05f, 0.5f, 6, 0.8f, 39, 86.16, 100),
    ];

    /// <summary>The same for a few lines of text.</summary>
    public PennTreebankRecipe Quick => this with { HiddenSize = 32, Dropout = 0, FullRateEpochs = 8, Epochs = 8 };

    // The recipes add the loss up over the steps of a batch and average over its streams; the library's loss is the mean over all. So a
    // learning rate of 1 becomes one of Steps, and a clipping norm of 5 one of 5 / Steps: the updates are the same.
    public LstmLanguageModel.Options Options => new()
    {
        EndOfRowToken = "<eos>",
        UnknownToken = "<unk>",
        HiddenSizes = [HiddenSize, HiddenSize],
        EmbeddingSize = HiddenSize,
        BatchSize = 20,
        StepsPerBatch = Steps,
        Initialization = new InitializationSpec { Weights = Initialization.Uniform, Recurrent = Initialization.Uniform, UniformScale = Scale, ForgetBias = 0 },
        Dropout = new RegularizationSpec { InputDropout = Dropout, LayerDropout = Dropout, OutputDropout = Dropout },
        Optimizer = new OptimizerSpec { Kind = OptimizerKind.Sgd },
        Schedule = LearningRateSchedule.Exponential(Steps, Decay, FullRateEpochs),
        ClipNorm = 5f / Steps,
        NumberOfEpochs = Epochs,
        Patience = null,
        Seed = 1,
    };
}
