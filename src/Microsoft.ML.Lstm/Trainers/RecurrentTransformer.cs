using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Diagnosis;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm;

/// <summary>
/// A trained recurrent network as a transformer: adds columns made of the network's outputs. Lazy, row to row and thread-safe. What columns
/// those are, a task's own class says.
/// </summary>
public abstract class RecurrentTransformer : ITransformer
{
    private readonly IHost _host;

    private protected RecurrentTransformer(IHostEnvironment environment, TrainedNetwork network)
    {
        _host = environment.Register(GetType().Name);
        Network = network;
    }

    /// <summary>How the training went, epoch by epoch.</summary>
    public TrainingHistory History => Network.History;

    /// <summary>Why the network does not learn, if it does not, and what to do about it. The same was told as warnings while training.</summary>
    public NetworkDiagnosis Diagnosis => Network.Diagnosis;

    /// <summary>Name of the column of sequences.</summary>
    public string FeatureColumnName => Network.Input.Features.Name;

    /// <summary>Name of the column of tokens beside it; null if there is none.</summary>
    public string? TokenColumnName => Network.Input.Tokens?.Name;

    bool ITransformer.IsRowToRowMapper => true;

    private protected TrainedNetwork Network { get; }

    /// <summary>Whether the network's outputs are differences from the first number of the sequence's last step.</summary>
    private protected virtual bool OutputsAreDifferences => false;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ExtendedDataView(input, Mapper(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Save(ctx);

    /// <summary>The columns added to rows of a schema.</summary>
    private protected abstract IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema);

    /// <summary>A getter for each added column, computed of a row's outputs.</summary>
    private protected abstract Delegate[] CreateGetters(SequenceScoring scoring);

    private protected abstract void Save(ModelSaveContext context);

    private ExtensionMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ExtensionMapper(inputSchema, new Extension(this, inputSchema));
    }

    private sealed class Extension(RecurrentTransformer owner, DataViewSchema inputSchema) : IRowExtension
    {
        public IReadOnlyList<DataViewSchema.Column> Dependencies { get; } = owner.Network.Input.Find(owner._host, inputSchema);

        public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } = owner.CreateColumns(inputSchema);

        public Delegate[] CreateGetters(DataViewRow input) => owner.CreateGetters(new SequenceScoring(owner._host, owner.Network, input, owner.OutputsAreDifferences));
    }
}
