using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Regression;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmRegressionTransformer), null, typeof(SignatureLoadModel),
    "LSTM regression", LstmRegressionTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>A network trained by <see cref="LstmRegressor"/>: adds the column <c>Score</c>.</summary>
public sealed class LstmRegressionTransformer : RecurrentTransformer
{
    internal const string LoaderSignature = "LstmRegression";
    private const string ScoreKey = "score";
    private static readonly ModelEntry Entry = new("LSTM REG", LoaderSignature, "Network.safetensors");
    private readonly ScoreColumn _score;

    internal LstmRegressionTransformer(IHostEnvironment environment, TrainedNetwork network, ScoreColumn score)
        : base(environment, network) => _score = score;

    private protected override bool OutputsAreDifferences => _score.IsDifference;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema) => [_score.ToColumn()];

    private protected override Delegate[] CreateGetters(SequenceScoring scoring) => _score.IsScalar
        ? [(ValueGetter<float>)((ref float value) => value = scoring.Outputs()[0])]
        : [(ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(scoring.Outputs(), ref value))];

    private protected override void Save(ModelSaveContext context) => Entry.Save(context, stream => Network.Save(stream, ScoreKey, _score));

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        TrainedNetwork network = TrainedNetwork.Load(stream, ScoreKey, out ScoreColumn score);
        return new LstmRegressionTransformer(env, network, score);
    });
}
