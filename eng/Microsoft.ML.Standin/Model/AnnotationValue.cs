using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Writes and reads the value of an annotation whose type is known only at run time.</summary>
internal abstract class AnnotationValue
{
    public static AnnotationValue Of(DataViewType type) => (AnnotationValue)Activator.CreateInstance(
        (type is VectorDataViewType ? typeof(Vector<>) : typeof(Scalar<>)).MakeGenericType(type.GetItemType().RawType));

    public abstract void Write(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column);

    public abstract void Read(BinaryReader reader, DataViewSchema.Annotations.Builder builder, DataViewSchema.DetachedColumn column);

    private static void WriteItem<T>(BinaryWriter writer, T item)
    {
        if (item is ReadOnlyMemory<char> text)
        {
            writer.Write(text.ToString());
            return;
        }
        Contracts.CheckParam(!RuntimeHelpers.IsReferenceOrContainsReferences<T>(), nameof(item),
            $"An annotation of {typeof(T)} cannot be saved.");
        var bytes = new byte[Unsafe.SizeOf<T>()];
        Unsafe.WriteUnaligned(ref bytes[0], item);
        writer.Write(bytes);
    }

    private static T ReadItem<T>(BinaryReader reader)
    {
        if (typeof(T) == typeof(ReadOnlyMemory<char>))
            return (T)(object)reader.ReadString().AsMemory();
        byte[] bytes = reader.ReadBytes(Unsafe.SizeOf<T>());
        Contracts.CheckDecode(bytes.Length == Unsafe.SizeOf<T>(), "The schema of the model ends too early.");
        return Unsafe.ReadUnaligned<T>(ref MemoryMarshal.GetArrayDataReference(bytes));
    }

    private sealed class Scalar<T> : AnnotationValue
    {
        public override void Write(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        {
            T value = default;
            annotations.GetGetter<T>(column)(ref value);
            WriteItem(writer, value);
        }

        public override void Read(BinaryReader reader, DataViewSchema.Annotations.Builder builder, DataViewSchema.DetachedColumn column)
        {
            T value = ReadItem<T>(reader);
            builder.Add(column.Name, column.Type, (ref T destination) => destination = value, column.Annotations);
        }
    }

    private sealed class Vector<T> : AnnotationValue
    {
        public override void Write(BinaryWriter writer, DataViewSchema.Annotations annotations, DataViewSchema.Column column)
        {
            VBuffer<T> value = default;
            annotations.GetGetter<VBuffer<T>>(column)(ref value);
            writer.Write(value.Length);
            foreach (T item in value.DenseValues())
                WriteItem(writer, item);
        }

        public override void Read(BinaryReader reader, DataViewSchema.Annotations.Builder builder, DataViewSchema.DetachedColumn column)
        {
            var values = new T[reader.ReadInt32()];
            for (int i = 0; i < values.Length; i++)
                values[i] = ReadItem<T>(reader);
            builder.Add(column.Name, column.Type,
                (ref VBuffer<T> destination) => VBuffer<T>.Copy(values, 0, ref destination, values.Length), column.Annotations);
        }
    }
}
