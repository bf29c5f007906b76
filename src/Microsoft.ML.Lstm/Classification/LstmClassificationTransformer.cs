using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(LstmClassificationTransformer), null, typeof(SignatureLoadModel),
    "LSTM classification", LstmClassificationTransformer.LoaderSignature)]

namespace Microsoft.ML.Lstm;

/// <summary>A network trained by <see cref="LstmClassifier"/>: adds the columns <c>PredictedLabel</c> and <c>Score</c>.</summary>
public sealed class LstmClassificationTransformer : RecurrentTransformer
{
    internal const string LoaderSignature = "LstmClassification";
    private static readonly ModelEntry s_entry = new("LSTM CLA", LoaderSignature, "Network.safetensors");
    private readonly ClassColumns _columns;

    internal LstmClassificationTransformer(IHostEnvironment environment, RecurrentModel model)
        : base(environment, model) => _columns = new ClassColumns(model.Head.Classes!.ClassCount, model.Head.Classes.ToKeyValues());

    private protected override ModelEntry Entry => s_entry;

    /// <inheritdoc/>
    public override LstmClassificationTransformer WithPrecision(WeightPrecision precision) => new(Environment, Model.WithPrecision(precision)) { RowsPerBlock = RowsPerBlock };

    private protected override IReadOnlyList<DataViewSchema.DetachedColumn> CreateColumns(DataViewSchema inputSchema) => _columns.On(inputSchema);

    private protected override Delegate[] CreateGetters(ISequenceScoring scoring)
    {
        ValueGetter<uint> label = (ref uint value) => value = (uint)(scoring.Row().Class() + 1);
        ValueGetter<VBuffer<float>> score = (ref VBuffer<float> value) => ScoreVector.Set(scoring.Row(), ref value);
        return [label, score];
    }

    // Called by ML.NET, which demands this very name, signature and return type.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        Load(env, ctx, s_entry, ModelTask.MulticlassClassification, model => new LstmClassificationTransformer(env, model));
}
