using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Tagging;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmTaggingTransformer), null, typeof(SignatureLoadModel),
    "LSTM tagging", LstmTaggingTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>A network trained by <see cref="LstmTagger"/>: adds the columns <c>PredictedLabel</c> and <c>Score</c>.</summary>
public sealed class LstmTaggingTransformer : RecurrentTransformer
{
    internal const string LoaderSignature = "LstmTagging";
    private const string ClassesKey = "classes";
    private static readonly ModelEntry Entry = new("LSTM TAG", LoaderSignature, "Network.safetensors");
    private readonly TagColumns _columns;

    internal LstmTaggingTransformer(IHostEnvironment environment, TrainedNetwork network, TagColumns columns)
        : base(environment, network) => _columns = columns;

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema) => _columns.ToColumns();

    private protected override Delegate[] CreateGetters(SequenceScoring scoring)
    {
        int classes = _columns.ClassCount;
        ValueGetter<VBuffer<uint>> label = (ref VBuffer<uint> value) =>
        {
            ReadOnlySpan<float> logits = scoring.Outputs();
            VBufferEditor<uint> editor = VBufferEditor.Create(ref value, logits.Length / classes);
            for (int step = 0; step < editor.Values.Length; step++)
                editor.Values[step] = (uint)(Logistic.Largest(logits.Slice(step * classes, classes)) + 1);
            value = editor.Commit();
        };
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) =>
        {
            ReadOnlySpan<float> logits = scoring.Outputs();
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, logits.Length);
            for (int start = 0; start < logits.Length; start += classes)
                Logistic.Softmax(logits.Slice(start, classes), editor.Values.Slice(start, classes));
            value = editor.Commit();
        };
        return [label, score];
    }

    private protected override void Save(ModelSaveContext context) => Entry.Save(context, stream => Network.Save(stream, ClassesKey, _columns));

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) => Entry.Load(env, ctx, stream =>
    {
        TrainedNetwork network = TrainedNetwork.Load(stream, ClassesKey, out TagColumns columns);
        return new LstmTaggingTransformer(env, network, columns);
    });
}
