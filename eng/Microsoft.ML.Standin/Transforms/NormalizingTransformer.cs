using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(NormalizingTransformer), null, typeof(SignatureLoadModel),
    "Normalizer", NormalizingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    internal const string LoaderSignature = "Normalizer";
    private static readonly VersionInfo Version = TransformVersion.Create("NORMALZR", LoaderSignature);
    private readonly LearntColumn[] _learnt;

    private NormalizingTransformer(
        IHostEnvironment env, (string outputColumnName, string inputColumnName)[] columns, LearntColumn[] learnt)
        : base(env.Register(nameof(NormalizingTransformer)), columns) => _learnt = learnt;

    private NormalizingTransformer(IHost host, ModelLoadContext ctx)
        : base(host, ctx)
    {
        _learnt = new LearntColumn[ColumnPairs.Length];
        for (int i = 0; i < _learnt.Length; i++)
        {
            var dimensions = new int[ctx.Reader.ReadInt32()];
            for (int d = 0; d < dimensions.Length; d++)
                dimensions[d] = ctx.Reader.ReadInt32();
            PrimitiveDataViewType itemType = ValueCodec.ReadType(ctx.Reader);
            DataViewType type = dimensions.Length == 0 ? itemType : new VectorDataViewType(itemType, dimensions);
            _learnt[i] = itemType.RawType == typeof(float) ? Load<float>(type, ctx.Reader) : Load<double>(type, ctx.Reader);
        }
    }

    internal static NormalizingTransformer Train(IHostEnvironment env, IDataView data,
        (string outputColumnName, string inputColumnName)[] columns, long maximumExampleCount, Scaling scaling)
    {
        DataViewSchema.Column[] sources = [.. columns.Select(c => data.Schema.GetColumnOrNull(c.inputColumnName)
            ?? throw env.ExceptSchemaMismatch(nameof(data), "input", c.inputColumnName))];
        foreach (DataViewSchema.Column source in sources)
        {
            bool isKnownSize = source.Type is NumberDataViewType or VectorDataViewType { IsKnownSize: true };
            env.CheckParam(isKnownSize && IsReal(source.Type.GetItemType()), "srcType",
                $"Wrong column type for input column '{source.Name}'. "
                + $"Expected: Single, Double, Vector of Single or Vector of Double. Got: {source.Type}.");
        }
        using DataViewRowCursor cursor = data.GetRowCursor(sources);
        ColumnLearner[] learners = [.. sources.Select(s => s.Type.GetItemType().RawType == typeof(float)
            ? (ColumnLearner)new ColumnLearner<float>(cursor, s, scaling) : new ColumnLearner<double>(cursor, s, scaling))];
        for (long row = 0; row < maximumExampleCount && cursor.MoveNext(); row++)
        {
            foreach (ColumnLearner learner in learners)
                learner.Add();
        }
        return new NormalizingTransformer(env, columns, [.. learners.Select(l => l.Finish())]);
    }

    private static bool IsReal(DataViewType type) => type.Equals(NumberDataViewType.Single) || type.Equals(NumberDataViewType.Double);

    private static LearntColumn<T> Load<T>(DataViewType type, BinaryReader reader)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        bool isCdf = reader.ReadBoolean();
        T[] scales = ValueCodec.ReadValues<T>(reader);
        T[] offsets = ValueCodec.ReadValues<T>(reader);
        return new LearntColumn<T>(type, [.. scales.Zip(offsets, (s, o) => new SlotFunction<T>(s, o, isCdf))]);
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        return new NormalizingTransformer(env.Register(nameof(NormalizingTransformer)), ctx);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        SaveColumns(ctx);
        foreach (LearntColumn column in _learnt)
        {
            int[] dimensions = column.Type is VectorDataViewType vector ? [.. vector.Dimensions] : [];
            ctx.Writer.Write(dimensions.Length);
            foreach (int dimension in dimensions)
                ctx.Writer.Write(dimension);
            ValueCodec.WriteType(ctx.Writer, column.Type.GetItemType());
            column.Save(ctx.Writer);
        }
    }

    private protected override ColumnMapping Map(int pair, DataViewSchema.Column source)
    {
        const string expected = "scalar or known-size vector of Single";
        if (source.Type is VectorDataViewType { IsKnownSize: false } || !IsReal(source.Type.GetItemType()))
            throw Host.ExceptSchemaMismatch("inputSchema", "input", source.Name, expected, source.Type.ToString());
        LearntColumn learnt = _learnt[pair];
        if (!source.Type.SameSizeAndItemType(learnt.Type))
            throw Host.ExceptSchemaMismatch("inputSchema", "input", source.Name, learnt.Type.ToString(), source.Type.ToString());
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        annotations.Add(source.Annotations, kind => kind == AnnotationUtils.Kinds.SlotNames);
        return new ColumnMapping(learnt.Type, annotations.ToAnnotations(), row => learnt.MakeGetter(row, source));
    }

    private abstract class ColumnLearner
    {
        public abstract void Add();

        public abstract LearntColumn Finish();
    }

    private sealed class ColumnLearner<T> : ColumnLearner
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        private readonly DataViewType _type;
        private readonly ISlotStatistics<T>[] _slots;
        private readonly ValueGetter<VBuffer<T>> _get;
        private readonly T[] _values;
        private VBuffer<T> _buffer;

        public ColumnLearner(DataViewRow row, DataViewSchema.Column source, Scaling scaling)
        {
            _type = source.Type;
            _slots = [.. Enumerable.Range(0, source.Type.GetValueCount()).Select(_ => scaling.CreateStatistics<T>())];
            _values = new T[_slots.Length];
            _get = source.Type is VectorDataViewType ? row.GetGetter<VBuffer<T>>(source) : AsVector(row.GetGetter<T>(source));
        }

        public override void Add()
        {
            _get(ref _buffer);
            Contracts.Check(_buffer.Length == _slots.Length, $"Normalizer expected {_slots.Length} slots but got {_buffer.Length}");
            _buffer.CopyTo(_values);
            for (int i = 0; i < _slots.Length; i++)
                _slots[i].Add(_values[i]);
        }

        public override LearntColumn Finish() => new LearntColumn<T>(_type, [.. _slots.Select(s => s.Finish())]);

        private static ValueGetter<VBuffer<T>> AsVector(ValueGetter<T> get)
        {
            var one = new T[1];
            return (ref VBuffer<T> value) =>
            {
                get(ref one[0]);
                value = new VBuffer<T>(1, one);
            };
        }
    }

    private abstract class LearntColumn(DataViewType type)
    {
        public DataViewType Type => type;

        public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source);

        public abstract void Save(BinaryWriter writer);
    }

    private sealed class LearntColumn<T>(DataViewType type, SlotFunction<T>[] slots) : LearntColumn(type)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column source) =>
            MappedGetter.CreateBySlot<T>(row, source, (value, slot) => slots[slot].Apply(value));

        public override void Save(BinaryWriter writer)
        {
            writer.Write(slots[0].IsCdf);
            ValueCodec.WriteValues<T>(writer, [.. slots.Select(s => s.Scale)]);
            ValueCodec.WriteValues<T>(writer, [.. slots.Select(s => s.Offset)]);
        }
    }
}
