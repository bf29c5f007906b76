using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(ColumnCopyingTransformer), null, typeof(SignatureLoadModel),
    "Copy Columns Transform", ColumnCopyingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "CopyTransform";
    private static readonly VersionInfo Version = TransformVersion.Create("COPYCOLT", LoaderSignature);

    internal ColumnCopyingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(ColumnCopyingTransformer)), columns)
    {
    }

    private ColumnCopyingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new ColumnCopyingTransformer(env.Register(nameof(ColumnCopyingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source) => new(source.Type, source.Annotations,
        row => GenericCall.Invoke<Delegate>((Func<DataViewRow, int, Delegate>)GetGetter<int>, source.Type.RawType, row, source.Index));

    private static Delegate GetGetter<T>(DataViewRow row, int source) => row.GetGetter<T>(row.Schema[source]);
}
