using System.Linq.Expressions;
using System.Numerics;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>One member of a class and the column it maps to.</summary>
internal abstract class MemberBinding<TRow>
{
    private MemberInfo _member;

    public string ColumnName { get; private set; }

    public DataViewType Type { get; private set; }

    public DataViewSchema.Annotations Annotations { get; private set; }

    public static MemberBinding<TRow> Create(SchemaDefinition.Column column, MemberInfo member, Type itemType)
    {
        Type type = SchemaDefinition.TypeOf(member);
        Type kind = type == typeof(string) ? typeof(Text)
            : type == typeof(string[]) ? typeof(TextArray)
            : type.IsArray ? typeof(Array<>).MakeGenericType(typeof(TRow), itemType)
            : column.ColumnType is VectorDataViewType ? typeof(Buffer<>).MakeGenericType(typeof(TRow), itemType)
            : column.ColumnType is KeyDataViewType ? typeof(Key<>).MakeGenericType(typeof(TRow), itemType)
            : typeof(Scalar<>).MakeGenericType(typeof(TRow), itemType);
        var binding = (MemberBinding<TRow>)Activator.CreateInstance(kind);
        binding._member = member;
        binding.ColumnName = string.IsNullOrEmpty(column.ColumnName) ? member.Name : column.ColumnName;
        binding.Type = column.ColumnType;
        binding.Annotations = column.Annotations;
        return binding;
    }

    public abstract Delegate CreateGetter(CurrentRow<TRow> current);

    public abstract Action<TRow> CreateSetter(DataViewRow row, DataViewSchema.Column column);

    public override string ToString() =>
        $"field or property '{_member.Name}' of type '{SchemaDefinition.TypeOf(_member)}'";

    // Compiled, not called by reflection: a prediction engine reads and writes members for every single row.
    private Func<TRow, TMember> Read<TMember>()
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        return Expression.Lambda<Func<TRow, TMember>>(Expression.MakeMemberAccess(row, _member), row).Compile();
    }

    private Action<TRow, TMember> Write<TMember>()
    {
        ParameterExpression row = Expression.Parameter(typeof(TRow));
        ParameterExpression value = Expression.Parameter(typeof(TMember));
        return Expression.Lambda<Action<TRow, TMember>>(Expression.Assign(Expression.MakeMemberAccess(row, _member), value),
            row, value).Compile();
    }

    private class Scalar<T> : MemberBinding<TRow>
    {
        public override Delegate CreateGetter(CurrentRow<TRow> current)
        {
            Func<TRow, T> read = Read<T>();
            return (ValueGetter<T>)((ref T value) => value = read(current.Value));
        }

        public override Action<TRow> CreateSetter(DataViewRow row, DataViewSchema.Column column)
        {
            ValueGetter<T> getter = row.GetGetter<T>(column);
            Action<TRow, T> write = Write<T>();
            T value = default;
            return target =>
            {
                getter(ref value);
                write(target, value);
            };
        }
    }

    /// <summary>As ML.NET has it: objects count keys from 0, columns from 1, and a key beyond the column's count is missing.</summary>
    private sealed class Key<T> : Scalar<T>
        where T : IBinaryInteger<T>
    {
        public override Delegate CreateGetter(CurrentRow<TRow> current)
        {
            Contracts.Check(typeof(T) != typeof(ushort), $"The key column '{ColumnName}' cannot be read from a UInt16 {this}.");
            Func<TRow, T> read = Read<T>();
            ulong count = Type.GetKeyCount();
            return (ValueGetter<T>)((ref T value) =>
            {
                T key = read(current.Value);
                value = ulong.CreateTruncating(key) < count ? key + T.One : T.Zero;
            });
        }
    }

    private sealed class Text : MemberBinding<TRow>
    {
        public override Delegate CreateGetter(CurrentRow<TRow> current)
        {
            Func<TRow, string> read = Read<string>();
            return (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = read(current.Value).AsMemory());
        }

        public override Action<TRow> CreateSetter(DataViewRow row, DataViewSchema.Column column)
        {
            ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(column);
            Action<TRow, string> write = Write<string>();
            ReadOnlyMemory<char> value = default;
            return target =>
            {
                getter(ref value);
                write(target, value.ToString());
            };
        }
    }

    private sealed class TextArray : MemberBinding<TRow>
    {
        public override Delegate CreateGetter(CurrentRow<TRow> current)
        {
            Func<TRow, string[]> read = Read<string[]>();
            return (ValueGetter<VBuffer<ReadOnlyMemory<char>>>)((ref VBuffer<ReadOnlyMemory<char>> value) =>
            {
                string[] items = read(current.Value) ?? [];
                VBufferEditor<ReadOnlyMemory<char>> editor = VBufferEditor.Create(ref value, items.Length);
                for (int i = 0; i < items.Length; i++)
                    editor.Values[i] = items[i].AsMemory();
                value = editor.Commit();
            });
        }

        public override Action<TRow> CreateSetter(DataViewRow row, DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter = row.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
            Action<TRow, string[]> write = Write<string[]>();
            VBuffer<ReadOnlyMemory<char>> value = default;
            return target =>
            {
                getter(ref value);
                write(target, [.. value.DenseValues().Select(item => item.ToString())]);
            };
        }
    }

    private sealed class Array<T> : MemberBinding<TRow>
    {
        public override Delegate CreateGetter(CurrentRow<TRow> current)
        {
            Func<TRow, T[]> read = Read<T[]>();
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
            {
                ReadOnlySpan<T> items = read(current.Value);
                VBufferEditor<T> editor = VBufferEditor.Create(ref value, items.Length);
                items.CopyTo(editor.Values);
                value = editor.Commit();
            });
        }

        public override Action<TRow> CreateSetter(DataViewRow row, DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
            Func<TRow, T[]> read = Read<T[]>();
            Action<TRow, T[]> write = Write<T[]>();
            VBuffer<T> value = default;
            return target =>
            {
                getter(ref value);
                // The array that the object already holds serves again where it fits: ML.NET does so too.
                T[] items = read(target) is { } held && held.Length == value.Length ? held : new T[value.Length];
                value.CopyTo(items);
                write(target, items);
            };
        }
    }

    private sealed class Buffer<T> : MemberBinding<TRow>
    {
        public override Delegate CreateGetter(CurrentRow<TRow> current)
        {
            Func<TRow, VBuffer<T>> read = Read<VBuffer<T>>();
            return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) => read(current.Value).CopyTo(ref value));
        }

        public override Action<TRow> CreateSetter(DataViewRow row, DataViewSchema.Column column)
        {
            ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
            Func<TRow, VBuffer<T>> read = Read<VBuffer<T>>();
            Action<TRow, VBuffer<T>> write = Write<VBuffer<T>>();
            return target =>
            {
                VBuffer<T> value = read(target);
                getter(ref value);
                write(target, value);
            };
        }
    }
}
