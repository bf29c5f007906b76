using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>What training made, before it is known what its outputs are called.</summary>
/// <param name="File">Architecture, loss, weights and transforms.</param>
/// <param name="Input">What the columns of sequences are.</param>
/// <param name="History">How the training went.</param>
/// <param name="Diagnosis">What the doctor found.</param>
internal sealed record TrainedNetwork(ModelFile File, SequenceInput Input, TrainingHistory History, NetworkDiagnosis Diagnosis)
{
    /// <summary>The model whose outputs are made into this.</summary>
    public RecurrentModel ToModel(ModelHead head) => new(File, File.Window, Input.ToModel(), head, History, Diagnosis);
}
