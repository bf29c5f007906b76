using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training.Distributed;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Trainers;

/// <summary>Reads the rows that this process is to hold, and makes one dataset of what all processes hold.</summary>
/// <param name="host">Where exceptions are said to come from.</param>
/// <param name="distribution">The processes.</param>
/// <param name="input">What the columns of sequences are.</param>
/// <param name="label">The label.</param>
internal sealed class DistributedLoading(IHost host, DistributionSettings distribution, SequenceInput input, ILabelColumn label)
{
    /// <summary>Reads, alone or together.</summary>
    /// <param name="loader">Reads rows into a dataset.</param>
    /// <param name="data">The view.</param>
    /// <param name="purpose">"training" or "validation".</param>
    /// <param name="cancellationToken">Looked at before every row.</param>
    /// <exception cref="DistributedTrainingException">The processes' data do not fit together.</exception>
    public SequenceDataset Load(SequenceLoader loader, IDataView data, string purpose, CancellationToken cancellationToken)
    {
        IProcessGroup? group = distribution.Group;
        bool isShared = group is { Size: > 1 } && distribution.Data != DistributedData.All;
        WorkShard share = isShared && distribution.Data == DistributedData.Share ? new WorkShard(group!.Rank, group.Size) : WorkShard.All;
        SequenceDataset own = loader.Load(data, purpose, cancellationToken, share, mayBeEmpty: isShared);
        if (group is null)
            return own;
        return new Lockstep(group).Run(() =>
        {
            string? keyValues = KeyValuesHash.Of(host, data.Schema, label.Name, input.Features.Name, input.Tokens?.Name ?? label.Name);
            DataHandshake.Of(own, distribution.Data, purpose, keyValues).Require(group);
            if (!isShared)
                return own;
            SequenceDataset all = DatasetJoin.Of(group, own, loader.SeriesNames);
            return all.Count > 0 ? all : throw new DistributedTrainingException(Invariant(
                $"The {purpose} data of all {group.Size} processes has 0 rows with a sequence and a label in the columns ")
                + Invariant($"'{input.Features.Name}' and '{label.Name}'; expected at least 1."));
        });
    }
}
