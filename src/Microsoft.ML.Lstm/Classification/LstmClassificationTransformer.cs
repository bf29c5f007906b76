using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmClassificationTransformer), null, typeof(SignatureLoadModel),
    "LSTM classification", LstmClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>A network trained by <see cref="LstmClassifier"/>: adds the columns <c>PredictedLabel</c> and <c>Score</c>.</summary>
public sealed class LstmClassificationTransformer : RecurrentTransformer
{
    internal const string LoaderSignature = "LstmClassification";
    private const string ClassesKey = "classes";
    private static readonly ModelEntry Entry = new("LSTM CLA", LoaderSignature, "Network.safetensors");
    private readonly ClassColumns _columns;

    internal LstmClassificationTransformer(IHostEnvironment environment, TrainedNetwork network, ClassColumns columns)
        : base(environment, network) => _columns = columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema) => _columns.On(inputSchema);

    private protected override Delegate[] CreateGetters(SequenceScoring scoring)
    {
        ValueGetter<uint> label = (ref uint value) => value = (uint)(Logistic.Largest(scoring.Outputs()) + 1);
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) =>
        {
            ReadOnlySpan<float> logits = scoring.Outputs();
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, logits.Length);
            Logistic.Softmax(logits, editor.Values);
            value = editor.Commit();
        };
        return [label, score];
    }

    private protected override void Save(ModelSaveContext context) => Entry.Save(context, stream => Network.Save(stream, ClassesKey, _columns));

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        TrainedNetwork network = TrainedNetwork.Load(stream, ClassesKey, out ClassColumns columns);
        return new LstmClassificationTransformer(env, network, columns);
    });
}
