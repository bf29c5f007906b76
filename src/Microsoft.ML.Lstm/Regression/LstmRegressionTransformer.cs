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
    private static readonly ModelEntry s_entry = new("LSTM REG", LoaderSignature, "Network.safetensors");

    internal LstmRegressionTransformer(IHostEnvironment environment, RecurrentModel model)
        : base(environment, model)
    {
    }

    private protected override ModelEntry Entry => s_entry;

    /// <inheritdoc/>
    public override LstmRegressionTransformer WithPrecision(WeightPrecision precision) => new(Environment, Model.WithPrecision(precision)) { RowsPerBlock = RowsPerBlock };

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema) => [ScoreColumn.Of(Model.Head.Values!)];

    private protected override Delegate[] CreateGetters(ISequenceScoring scoring) => Model.Head.Values!.IsScalar
        ? [(ValueGetter<float>)((ref float value) => value = scoring.Row().Outputs[0])]
        : [(ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(scoring.Row().Outputs, ref value))];

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        Load(env, ctx, s_entry, ModelTask.Regression, model => new LstmRegressionTransformer(env, model));
}
