using System.Collections.Immutable;
using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The input schema inside a model file: columns, types and annotations.</summary>
internal static class SchemaFile
{
    private const string Mark = "Schema 1";
    private static readonly ImmutableArray<PrimitiveDataViewType> Primitives =
    [
        NumberDataViewType.SByte, NumberDataViewType.Byte, NumberDataViewType.Int16, NumberDataViewType.UInt16,
        NumberDataViewType.Int32, NumberDataViewType.UInt32, NumberDataViewType.Int64, NumberDataViewType.UInt64,
        NumberDataViewType.Single, NumberDataViewType.Double, TextDataViewType.Instance, BooleanDataViewType.Instance,
        TimeSpanDataViewType.Instance, DateTimeDataViewType.Instance, DateTimeOffsetDataViewType.Instance, RowIdDataViewType.Instance,
    ];

    public static void Save(DataViewSchema schema, Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(Mark);
        WriteColumns(writer, schema);
    }

    public static DataViewSchema Load(Stream stream)
    {
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        string mark = reader.ReadString();
        Contracts.CheckDecode(mark == Mark, $"The schema of the model starts with '{mark}', expected '{Mark}'.");
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(ReadColumns(reader));
        return builder.ToSchema();
    }

    private static void WriteColumns(BinaryWriter writer, DataViewSchema schema)
    {
        writer.Write(schema.Count);
        foreach (DataViewSchema.Column column in schema)
        {
            writer.Write(column.Name);
            WriteType(writer, column.Type);
            WriteColumns(writer, column.Annotations.Schema);
            foreach (DataViewSchema.Column annotation in column.Annotations.Schema)
                AnnotationValue.Of(annotation.Type).Write(writer, column.Annotations, annotation);
        }
    }

    private static List<DataViewSchema.DetachedColumn> ReadColumns(BinaryReader reader)
    {
        var columns = new List<DataViewSchema.DetachedColumn>();
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            string name = reader.ReadString();
            DataViewType type = ReadType(reader);
            var annotations = new DataViewSchema.Annotations.Builder();
            foreach (DataViewSchema.DetachedColumn annotation in ReadColumns(reader))
                AnnotationValue.Of(annotation.Type).Read(reader, annotations, annotation);
            columns.Add(new DataViewSchema.DetachedColumn(name, type, annotations.ToAnnotations()));
        }
        return columns;
    }

    private static void WriteType(BinaryWriter writer, DataViewType type)
    {
        var dimensions = (type as VectorDataViewType)?.Dimensions ?? [];
        DataViewType item = type.GetItemType();
        int index = Primitives.IndexOf(item is KeyDataViewType
            ? ColumnTypeExtensions.PrimitiveTypeFromType(item.RawType) : (PrimitiveDataViewType)item);
        Contracts.CheckParam(index >= 0, nameof(type), $"A column of type {type} cannot be saved.");
        writer.Write(dimensions.Length);
        foreach (int d in dimensions)
            writer.Write(d);
        writer.Write(index);
        writer.Write(item.GetKeyCount());
    }

    private static DataViewType ReadType(BinaryReader reader)
    {
        int[] dimensions = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())];
        PrimitiveDataViewType item = Primitives[reader.ReadInt32()];
        ulong keyCount = reader.ReadUInt64();
        if (keyCount > 0)
            item = new KeyDataViewType(item.RawType, keyCount);
        return dimensions.Length == 0 ? item : new VectorDataViewType(item, dimensions);
    }
}
