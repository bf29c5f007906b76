using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(MissingValueReplacingTransformer), null, typeof(SignatureLoadModel),
    "NA Replace Transform", MissingValueReplacingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class MissingValueReplacingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "NAReplaceTransform";
    private static readonly VersionInfo Version = TransformVersion.Create("NAREP TF", LoaderSignature);
    private readonly Replacement[] _replacements;

    private MissingValueReplacingTransformer(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, Replacement[] replacements)
        : base(env.Register(nameof(MissingValueReplacingTransformer)), columns) => _replacements = replacements;

    private MissingValueReplacingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _replacements = new Replacement[ColumnPairs.Length];
        for (int i = 0; i < _replacements.Length; i++)
        {
            PrimitiveDataViewType itemType = ValueCodec.ReadType(ctx.Reader);
            bool bySlot = ctx.Reader.ReadBoolean();
            _replacements[i] = itemType.RawType == typeof(float)
                ? new Replacement<float>(bySlot, ValueCodec.ReadValues<float>(ctx.Reader))
                : new Replacement<double>(bySlot, ValueCodec.ReadValues<double>(ctx.Reader));
        }
    }

    internal static MissingValueReplacingTransformer Train(IHostEnvironment env, IDataView input,
        (string outputColumnName, string inputColumnName)[] columns, MissingValueReplacingEstimator.ReplacementMode mode, bool imputeBySlot)
    {
        var replacements = new Replacement[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            string name = columns[i].inputColumnName;
            DataViewSchema.Column source = input.Schema.GetColumnOrNull(name)
                ?? throw env.ExceptSchemaMismatch(nameof(input), "input", name);
            CheckType(env, source.Type);
            bool bySlot = imputeBySlot && source.Type.IsKnownSizeVector();
            replacements[i] = source.Type.GetItemType().RawType == typeof(float)
                ? Replacement<float>.Learn(input, source, mode, bySlot)
                : Replacement<double>.Learn(input, source, mode, bySlot);
        }
        return new MissingValueReplacingTransformer(env, columns, replacements);
    }

    internal static void CheckType(IExceptionContext ctx, DataViewType type)
    {
        DataViewType item = type.GetItemType();
        ctx.CheckParam(item.Equals(NumberDataViewType.Single) || item.Equals(NumberDataViewType.Double), "inputSchema",
            $"Type '{type}' is not supported by {LoaderSignature} since it doesn't have an NA value");
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new MissingValueReplacingTransformer(env.Register(nameof(MissingValueReplacingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (Replacement replacement in _replacements)
            replacement.Save(ctx.Writer);
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        CheckType(Host, source.Type);
        Replacement replacement = _replacements[pair];
        replacement.Check(Host, source);
        return new ColumnMapping(source.Type, Keep(source, AnnotationUtils.Kinds.SlotNames, AnnotationUtils.Kinds.IsNormalized),
            row => replacement.MakeGetter(row, source));
    }

    private abstract class Replacement
    {
        public abstract void Check(IExceptionContext ctx, DataViewSchema.Column source);

        public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source);

        public abstract void Save(BinaryWriter writer);
    }

    /// <summary>One value for all slots, or one for each.</summary>
    private sealed class Replacement<T>(bool bySlot, T[] values) : Replacement
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        private static readonly PrimitiveDataViewType ItemType = ColumnTypeExtensions.PrimitiveTypeFromType(typeof(T));

        public static Replacement<T> Learn(
            IDataView input, DataViewSchema.Column source, MissingValueReplacingEstimator.ReplacementMode mode, bool bySlot)
        {
            if (mode == MissingValueReplacingEstimator.ReplacementMode.DefaultValue)
                return new Replacement<T>(false, [T.Zero]);
            MissingValueStatistic<T>[] statistics =
                [.. Enumerable.Range(0, bySlot ? source.Type.GetVectorSize() : 1).Select(_ => new MissingValueStatistic<T>(mode))];
            using DataViewRowCursor cursor = input.GetRowCursor([source]);
            if (source.Type is VectorDataViewType)
                AddVectors(cursor, source, statistics);
            else
                AddScalars(cursor, source, statistics[0]);
            return new Replacement<T>(bySlot, [.. statistics.Select(s => s.Result)]);
        }

        public override void Check(IExceptionContext ctx, DataViewSchema.Column source)
        {
            ctx.CheckParam(source.Type.GetItemType().Equals(ItemType), "inputSchema",
                $"Column '{source.Name}' item type '{source.Type.GetItemType()}' does not match expected ColumnType of '{ItemType}'");
            ctx.CheckParam(!bySlot || source.Type.GetVectorSize() == values.Length, "inputSchema",
                $"Column '{source.Name}' of type '{source.Type}' must be a vector of {values.Length} items");
        }

        public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source) => bySlot
            ? MappedGetter.CreateBySlot<T>(row, source, (value, slot) => T.IsNaN(value) ? values[slot] : value)
            : MappedGetter.Create<T, T>(row, source, value => T.IsNaN(value) ? values[0] : value);

        public override void Save(BinaryWriter writer)
        {
            ValueCodec.WriteType(writer, ItemType);
            writer.Write(bySlot);
            ValueCodec.WriteValues<T>(writer, values);
        }

        private static void AddScalars(DataViewRowCursor cursor, DataViewSchema.Column source, MissingValueStatistic<T> statistic)
        {
            ValueGetter<T> get = cursor.GetGetter<T>(source);
            T value = default;
            while (cursor.MoveNext())
            {
                get(ref value);
                statistic.Add(value);
            }
        }

        private static void AddVectors(DataViewRowCursor cursor, DataViewSchema.Column source, MissingValueStatistic<T>[] statistics)
        {
            ValueGetter<VBuffer<T>> get = cursor.GetGetter<VBuffer<T>>(source);
            VBuffer<T> value = default;
            while (cursor.MoveNext())
            {
                get(ref value);
                foreach ((int slot, T item) in value.Items(all: true))
                    statistics[slot % statistics.Length].Add(item);
            }
        }
    }
}
