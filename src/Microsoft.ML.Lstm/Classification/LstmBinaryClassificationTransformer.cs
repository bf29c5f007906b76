using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmBinaryClassificationTransformer), null, typeof(SignatureLoadModel),
    "LSTM binary classification", LstmBinaryClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>
/// A network trained by <see cref="LstmBinaryClassifier"/>: adds the columns <c>PredictedLabel</c>, <c>Score</c> and <c>Probability</c>.
/// </summary>
public sealed class LstmBinaryClassificationTransformer : RecurrentTransformer
{
    internal const string LoaderSignature = "LstmBinaryClassification";
    private static readonly ModelEntry s_entry = new("LSTM BIN", LoaderSignature, "Network.safetensors");

    internal LstmBinaryClassificationTransformer(IHostEnvironment environment, RecurrentModel model)
        : base(environment, model)
    {
    }

    private protected override ModelEntry Entry => s_entry;

    /// <inheritdoc/>
    public override LstmBinaryClassificationTransformer WithPrecision(WeightPrecision precision) => new(Environment, Model.WithPrecision(precision)) { RowsPerBlock = RowsPerBlock };

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema) => BinaryColumns.On(inputSchema);

    private protected override Delegate[] CreateGetters(ISequenceScoring scoring)
    {
        ValueGetter<bool> label = (ref bool value) => value = scoring.Row().Class() == 1;
        ValueGetter<float> score = (ref float value) => value = scoring.Row().Outputs[0];
        ValueGetter<float> probability = (ref float value) => scoring.Row().WriteScores(new Span<float>(ref value));
        return [label, score, probability];
    }

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        Load(env, ctx, s_entry, ModelTask.BinaryClassification, model => new LstmBinaryClassificationTransformer(env, model));
}
