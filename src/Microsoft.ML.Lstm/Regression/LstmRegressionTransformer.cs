using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Regression;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Lstm.Training;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmRegressionTransformer), null, typeof(SignatureLoadModel),
    "LSTM regression", LstmRegressionTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>A network trained by <see cref="LstmRegressor"/>: adds the column <c>Score</c>. Lazy, row to row and thread-safe.</summary>
public sealed class LstmRegressionTransformer : ITransformer
{
    internal const string LoaderSignature = "LstmRegression";
    private const string ScoreKey = "score";
    private static readonly ModelEntry Entry = new("LSTM REG", LoaderSignature, "Network.safetensors");
    private readonly IHost _host;
    private readonly TrainedNetwork _network;
    private readonly ScoreColumn _score;

    internal LstmRegressionTransformer(IHostEnvironment environment, TrainedNetwork network, ScoreColumn score)
    {
        _host = environment.Register(nameof(LstmRegressionTransformer));
        (_network, _score) = (network, score);
    }

    /// <summary>How the training went, epoch by epoch.</summary>
    public TrainingHistory History => _network.History;

    /// <summary>Name of the column of sequences.</summary>
    public string FeatureColumnName => _network.Input.Name;

    bool ITransformer.IsRowToRowMapper => true;

    /// <inheritdoc/>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Mapper(inputSchema).OutputSchema;

    /// <inheritdoc/>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new ExtendedDataView(input, Mapper(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Mapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => Entry.Save(ctx, stream => _network.Save(stream, ScoreKey, _score));

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        TrainedNetwork network = TrainedNetwork.Load(stream, ScoreKey, out ScoreColumn score);
        return new LstmRegressionTransformer(env, network, score);
    });

    private ExtensionMapper Mapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return new ExtensionMapper(inputSchema, new Extension(this, _network.Input.Find(_host, inputSchema)));
    }

    private sealed class Extension(LstmRegressionTransformer owner, DataViewSchema.Column place) : IRowExtension
    {
        public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; } = [owner._score.ToColumn()];

        public IReadOnlyList<DataViewSchema.Column> Dependencies { get; } = [place];

        public Delegate[] CreateGetters(DataViewRow input)
        {
            var scoring = new SequenceScoring(owner._host, owner._network, input, place, owner._score.IsDifference);
            return owner._score.IsScalar
                ? [(ValueGetter<float>)((ref float value) => value = scoring.Outputs()[0])]
                : [(ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(scoring.Outputs(), ref value))];
        }
    }
}
