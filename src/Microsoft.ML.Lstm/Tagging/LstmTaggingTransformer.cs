using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Rows;
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
    private static readonly ModelEntry s_entry = new("LSTM TAG", LoaderSignature, "Network.safetensors");
    private readonly TagColumns _columns;

    internal LstmTaggingTransformer(IHostEnvironment environment, RecurrentModel model)
        : base(environment, model) => _columns = new TagColumns(model.Head.Classes!.ClassCount, model.Head.Classes.ToKeyValues());

    private protected override ModelEntry Entry => s_entry;

    /// <inheritdoc/>
    public override LstmTaggingTransformer WithPrecision(WeightPrecision precision) => new(Environment, Model.WithPrecision(precision)) { RowsPerBlock = RowsPerBlock };

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema) => _columns.ToColumns();

    private protected override Delegate[] CreateGetters(ISequenceScoring scoring)
    {
        ValueGetter<VBuffer<uint>> label = (ref VBuffer<uint> value) =>
        {
            ScoredSequence row = scoring.Row();
            VBufferEditor<uint> editor = VBufferEditor.Create(ref value, row.Outputs.Length / _columns.ClassCount);
            for (int step = 0; step < editor.Values.Length; step++)
                editor.Values[step] = (uint)(row.Class(step) + 1);
            value = editor.Commit();
        };
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) => ScoreVector.Set(scoring.Row(), ref value);
        return [label, score];
    }

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        Load(env, ctx, s_entry, ModelTask.Tagging, model => new LstmTaggingTransformer(env, model));
}
