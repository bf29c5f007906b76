using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>From rows labelled with classes to a network that tells them apart.</summary>
internal static class ClassifierTraining
{
    /// <summary>Reads the rows, weighs the classes and trains.</summary>
    /// <param name="host">The trainer's host.</param>
    /// <param name="settings">The trainer's settings, its loss among them.</param>
    /// <param name="classWeights">What the examples of each class count.</param>
    /// <param name="label">The label in <paramref name="trainData"/>.</param>
    /// <param name="trainData">What to train on.</param>
    /// <param name="validationData">What to validate on; null: the part that the settings hold back.</param>
    /// <param name="initial">The model whose training is continued; null: none.</param>
    public static TrainedNetwork Run(
        IHost host, TrainerSettings settings, ClassWeights classWeights, IClassLabel label, IDataView trainData, IDataView? validationData, RecurrentModel? initial)
    {
        var trainer = new NetworkTrainer(host, settings, trainData.Schema, initial);
        SequenceDataset training = trainer.Load(trainData, label);
        SequenceDataset? validation = validationData is null ? null : trainer.Load(validationData, label.In(host, validationData.Schema), isValidation: true);
        LossSpec loss = settings.Engine.Loss with { ClassWeights = classWeights.For(label.Count(host, training), label.Name) };
        return trainer.Train(label.OutputSize, loss, scaleTargets: false, training, validation);
    }
}
