using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm;

/// <summary>
/// A trained recurrent network as a transformer: adds columns made of the network's outputs. Lazy, row to row and thread-safe. What columns
/// those are, a task's own class says.
/// </summary>
public abstract class RecurrentTransformer : ITransformer
{
    private readonly IHost _host;
    private readonly SequenceInput _input;

    private protected RecurrentTransformer(IHostEnvironment environment, RecurrentModel model)
    {
        _host = environment.Register(GetType().Name);
        (Model, _input) = (model, model.Input.ToInput());
    }

    /// <summary>The model itself, which predicts without ML.NET too.</summary>
    public RecurrentModel Model { get; }

    /// <summary>How the training went, epoch by epoch.</summary>
    public TrainingHistory History => Model.History;

    /// <summary>Why the network does not learn, if it does not, and what to do about it. The same was told as warnings while training.</summary>
    public NetworkDiagnosis Diagnosis => Model.Diagnosis;

    /// <summary>Name of the column of sequences.</summary>
    public string FeatureColumnName => Model.FeatureColumnName;

    /// <summary>Name of the column of tokens beside it; null if there is none.</summary>
    public string? TokenColumnName => Model.TokenColumnName;

    /// <summary>
    /// Rows that <see cref="Transform"/> reads ahead and scores together on all cores, to the same bits as one by one; 1: row by row, on the calling thread. A
    /// prediction engine always scores row by row. Not saved. Range: 1 or more. Default: 64 for each processor, at most 1,024.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int RowsPerBlock
    {
        get;
        set => field = BlockScoring.Require(value);
    } = BlockScoring.DefaultRows;

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>Where such transformers are registered.</summary>
    private protected IHostEnvironment Environment => _host;

    /// <summary>Where such a model lies in an ML.NET .zip.</summary>
    private protected abstract ModelEntry Entry { get; }

    /// <summary>
    /// This transformer with its network's matrices of weights stored in another precision; what that gives and costs is said at
    /// <see cref="RecurrentModel.WithPrecision(WeightPrecision)"/>. A prediction engine, which scores row by row, gains the most. The .zip has the rounded
    /// weights and the precision, which <c>Model.Load</c> gives back.
    /// </summary>
    /// <param name="precision">How they are stored.</param>
    /// <returns>The new transformer; this one stays as it is.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such precision.</exception>
    /// <example>
    /// <code>
    /// LstmRegressionTransformer trained = ml.Regression.Trainers.LstmRegressor("Next", "Window").Fit(trainData);
    /// ml.Model.Save(trained.WithPrecision(WeightPrecision.BFloat16), trainData.Schema, "model.zip");
    /// </code>
    /// </example>
    public abstract RecurrentTransformer WithPrecision(WeightPrecision precision);

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Mapper(input.Schema).Extend(GetType().Name, input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Entry.Save(ctx, Model.Save);

    /// <summary>The columns added to rows of a schema.</summary>
    private protected abstract IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema);

    /// <summary>A getter for each added column, computed of a row's outputs.</summary>
    private protected abstract Delegate[] CreateGetters(ISequenceScoring scoring);

    /// <summary>Reads a model of a task.</summary>
    /// <exception cref="FormatException">The entry is missing, broken, or of another task; says what was found.</exception>
    private protected static ITransformer Load(
        IHostEnvironment environment, ModelLoadContext context, ModelEntry entry, ModelTask task, Func<RecurrentModel, ITransformer> create) =>
        entry.Load(environment, context, stream => RecurrentModel.ReadEntry(stream) is var model && model.Task == task
            ? create(model)
            : throw new InvalidDataException(Invariant($"The model is of {model.Task}; expected {task}.")));

    private ExtensionMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ExtensionMapper(inputSchema, new Extension(this, inputSchema));
    }

    private sealed class Extension(RecurrentTransformer owner, DataViewSchema inputSchema) : IRowExtension
    {
        public IReadOnlyList<DataViewSchema.Column> Dependencies { get; } = owner._input.Find(owner._host, inputSchema);

        public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } = owner.CreateColumns(inputSchema);

        public Delegate[] CreateGetters(DataViewRow input) => owner.CreateGetters(new SequenceScoring(owner._host, owner.Model, owner._input, input));

        public IEnumerable<string> Convert(OnnxConversion conversion) => new PredictionConversion(conversion, owner.Model).Write();

        public IRowBlock? CreateBlock(DataViewRow input)
        {
            if (owner.RowsPerBlock == 1)
                return null;
            var reader = new SequenceReader(owner._host, input, owner._input);
            return new BlockScoring(owner.Model, owner.RowsPerBlock, (out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens) => reader.Read(out features, out tokens), owner.CreateGetters);
        }
    }
}
