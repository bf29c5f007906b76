using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(ColumnConcatenatingTransformer), null, typeof(SignatureLoadModel),
    "Concat Transform", ColumnConcatenatingTransformer.LoaderSignature)]

namespace Microsoft.ML.Data;

public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string LoaderSignature = "ConcatTransform";
    private static readonly VersionInfo Version = TransformVersion.Create("CONCAT F", LoaderSignature);
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingTransformer(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
        : base(env.Register(nameof(ColumnConcatenatingTransformer)))
    {
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        string name = ctx.Reader.ReadString();
        var sources = new string[ctx.Reader.ReadInt32()];
        for (int i = 0; i < sources.Length; i++)
            sources[i] = ctx.Reader.ReadString();
        return new ColumnConcatenatingTransformer(env, name, sources);
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_name);
        ctx.Writer.Write(_sources.Length);
        foreach (string source in _sources)
            ctx.Writer.Write(source);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema)
    {
        DataViewSchema.Column[] sources = [.. _sources.Select(s => Find(schema, s))];
        DataViewType itemType = sources[0].Type.GetItemType();
        foreach (DataViewSchema.Column source in sources)
        {
            if (!source.Type.GetItemType().Equals(itemType))
                throw Host.ExceptSchemaMismatch("inputSchema", "input", source.Name, itemType.ToString(), source.Type.ToString());
        }
        bool isCopy = sources is [{ Type: VectorDataViewType }];
        var type = new VectorDataViewType((PrimitiveDataViewType)itemType,
            sources.Any(s => s.Type.GetValueCount() == 0) ? 0 : sources.Sum(s => s.Type.GetValueCount()));
        var column = new DataViewSchema.DetachedColumn(
            _name, isCopy ? sources[0].Type : type, isCopy ? sources[0].Annotations : MakeAnnotations(sources, type));
        return new ColumnMapper([new MappedColumn(column, [.. sources.Select(s => s.Index)],
            row => GenericCall.Invoke<Delegate>(
                (Func<DataViewRow, DataViewSchema.Column[], Delegate>)MakeGetter<int>, itemType.RawType, row, sources))]);
    }

    private DataViewSchema.Column Find(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) ?? throw Host.ExceptSchemaMismatch("inputSchema", "input", name);

    private static DataViewSchema.Annotations MakeAnnotations(DataViewSchema.Column[] sources, VectorDataViewType type)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (sources.All(s => s.IsNormalized()))
            builder.AddPrimitiveValue(AnnotationUtils.Kinds.IsNormalized, BooleanDataViewType.Instance, true);
        if (type.IsKnownSize && sources.Any(s => s.Type is not VectorDataViewType || s.HasSlotNames()))
        {
            ReadOnlyMemory<char>[] names = [.. sources.SelectMany(GetNames)];
            builder.AddSlotNames(names.Length, (ref VBuffer<ReadOnlyMemory<char>> value) =>
                VBuffer<ReadOnlyMemory<char>>.Copy(names, 0, ref value, names.Length));
        }
        int[] ranges = [.. GetCategoricalRanges(sources)];
        if (type.IsKnownSize && ranges.Length > 0)
        {
            builder.Add(AnnotationUtils.Kinds.CategoricalSlotRanges, new VectorDataViewType(NumberDataViewType.Int32, ranges.Length / 2, 2),
                (ref VBuffer<int> value) => VBuffer<int>.Copy(ranges, 0, ref value, ranges.Length));
        }
        return builder.ToAnnotations();
    }

    private static IEnumerable<ReadOnlyMemory<char>> GetNames(DataViewSchema.Column source)
    {
        if (source.Type is not VectorDataViewType)
            return [source.Name.AsMemory()];
        if (!source.HasSlotNames())
            return new ReadOnlyMemory<char>[source.Type.GetVectorSize()];
        VBuffer<ReadOnlyMemory<char>> names = default;
        source.GetSlotNames(ref names);
        return names.DenseValues().Select(n => n.IsEmpty ? n : $"{source.Name}.{n}".AsMemory());
    }

    private static IEnumerable<int> GetCategoricalRanges(DataViewSchema.Column[] sources)
    {
        int first = 0;
        foreach (DataViewSchema.Column source in sources)
        {
            if (source.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.CategoricalSlotRanges) is not null)
            {
                VBuffer<int> ranges = default;
                source.Annotations.GetValue(AnnotationUtils.Kinds.CategoricalSlotRanges, ref ranges);
                foreach (int slot in ranges.DenseValues())
                    yield return first + slot;
            }
            first += source.Type.GetValueCount();
        }
    }

    private static Delegate MakeGetter<T>(DataViewRow row, DataViewSchema.Column[] sources)
    {
        var parts = new VBuffer<T>[sources.Length];
        Action<int>[] fetch = [.. sources.Select(s => MakeFetcher(row, s, parts))];
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) =>
        {
            int length = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                fetch[i](i);
                length += parts[i].Length;
            }
            VBufferEditor<T> editor = VBufferEditor.Create(ref destination, length);
            int first = 0;
            foreach (VBuffer<T> part in parts)
            {
                part.CopyTo(editor.Values, first);
                first += part.Length;
            }
            destination = editor.Commit();
        });
    }

    private static Action<int> MakeFetcher<T>(DataViewRow row, DataViewSchema.Column source, VBuffer<T>[] parts)
    {
        DataViewSchema.Column column = row.Schema[source.Index];
        if (source.Type is not VectorDataViewType vector)
        {
            ValueGetter<T> getOne = row.GetGetter<T>(column);
            var one = new T[1];
            return i =>
            {
                getOne(ref one[0]);
                parts[i] = new VBuffer<T>(1, one);
            };
        }
        ValueGetter<VBuffer<T>> getMany = row.GetGetter<VBuffer<T>>(column);
        return i =>
        {
            getMany(ref parts[i]);
            if (vector.IsKnownSize && parts[i].Length != vector.Size)
                throw Contracts.Except($"Column '{source.Name}': expected {vector.Size} slots, but got {parts[i].Length}");
        };
    }
}
