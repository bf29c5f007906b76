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
    private static readonly ModelEntry Entry = new("LSTM BIN", LoaderSignature, "Network.safetensors");

    internal LstmBinaryClassificationTransformer(IHostEnvironment environment, TrainedNetwork network)
        : base(environment, network)
    {
    }

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema) => BinaryColumns.On(inputSchema);

    private protected override Delegate[] CreateGetters(SequenceScoring scoring)
    {
        ValueGetter<bool> label = (ref bool value) => value = scoring.Outputs()[0] > 0;
        ValueGetter<float> score = (ref float value) => value = scoring.Outputs()[0];
        ValueGetter<float> probability = (ref float value) => value = Logistic.Sigmoid(scoring.Outputs()[0]);
        return [label, score, probability];
    }

    private protected override void Save(ModelSaveContext context) => Entry.Save(context, Network.Save);

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        Entry.Load(env, ctx, stream => new LstmBinaryClassificationTransformer(env, TrainedNetwork.Load(stream)));
}
