using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How the public fields and properties of a class map to columns.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    private SchemaDefinition()
    {
    }

    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = Read | Write,
    }

    public Column this[string columnName]
    {
        get => Find(c => c.ColumnName == columnName);
        set
        {
            Contracts.CheckValue(value, nameof(value));
            Contracts.CheckParam(value.ColumnName == columnName, nameof(columnName),
                $"The column name is specified as '{value.ColumnName}' but must match the selector '{columnName}'.");
            int index = FindIndex(c => c.ColumnName == columnName);
            if (index >= 0)
                this[index] = value;
            else
                Add(value);
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        Contracts.CheckValue(userType, nameof(userType));
        var definition = new SchemaDefinition();
        foreach (MemberInfo member in MembersOf(userType, direction))
        {
            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            Contracts.CheckParam(definition[name] is null, nameof(userType),
                $"Duplicate column name '{name}' detected, this is disallowed");
            definition.Add(new Column(member.Name, ColumnTypeOf(member), name));
        }
        return definition;
    }

    internal static Type TypeOf(MemberInfo member) =>
        member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The type of a column's values, or of the items of a vector column's values.</summary>
    internal static Type ItemTypeOf(MemberInfo member, out bool isVector)
    {
        Type type = TypeOf(member);
        isVector = type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>));
        if (isVector)
            type = type.IsArray ? type.GetElementType() : type.GetGenericArguments()[0];
        PrimitiveDataViewType known = ColumnTypeExtensions.PrimitiveTypeFromTypeOrNull(type);
        return known?.RawType ?? throw Contracts.ExceptParam("rawType",
            $"Could not determine an IDataView type and registered custom types for member {member.Name} of type {TypeOf(member)}");
    }

    private static IEnumerable<MemberInfo> MembersOf(Type type, Direction direction)
    {
        const BindingFlags Visible = BindingFlags.Public | BindingFlags.Instance;
        IEnumerable<MemberInfo> properties = type.GetProperties(Visible).Where(p => p.GetIndexParameters().Length == 0
            && ((direction.HasFlag(Direction.Read) && p.GetGetMethod() is not null)
                || (direction.HasFlag(Direction.Write) && p.GetSetMethod() is not null)));
        return type.GetFields(Visible).Concat(properties).Where(m => m.GetCustomAttribute<NoColumnAttribute>() is null);
    }

    private static DataViewType ColumnTypeOf(MemberInfo member)
    {
        Type raw = ItemTypeOf(member, out bool isVector);
        PrimitiveDataViewType item = ColumnTypeExtensions.PrimitiveTypeFromType(raw);
        if (member.GetCustomAttribute<KeyTypeAttribute>() is { } key)
        {
            Contracts.CheckParam(KeyDataViewType.IsValidDataType(raw), "userType",
                $"Member {member.Name} marked with KeyType attribute, but does not appear to be a valid kind of data for a key type");
            item = new KeyDataViewType(raw, key.Count);
        }
        int[] dimensions = member.GetCustomAttribute<VectorTypeAttribute>()?.Dimensions;
        Contracts.CheckParam(isVector || dimensions is null, "userType",
            $"Member {member.Name} marked with {nameof(VectorTypeAttribute)}, but does not appear to be a vector type");
        if (!isVector)
            return item;
        return dimensions is { Length: > 0 } ? new VectorDataViewType(item, dimensions) : new VectorDataViewType(item);
    }

    public sealed class Column
    {
        private readonly DataViewSchema.Annotations.Builder _annotations = new();
        private readonly HashSet<string> _kinds = [];

        internal Column(string memberName, DataViewType columnType, string columnName)
        {
            MemberName = memberName;
            ColumnType = columnType;
            ColumnName = columnName;
        }

        public string MemberName { get; }

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations => _annotations.ToAnnotations();

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType)
        {
            Contracts.CheckValue(kind, nameof(kind));
            Contracts.CheckValue(annotationType, nameof(annotationType));
            Contracts.Check(_kinds.Add(kind), $"Column '{ColumnName}' already contains an annotation of kind '{kind}'.");
            _annotations.Add(kind, annotationType, (ref T destination) => destination = value);
        }

        internal void AddAnnotations(DataViewSchema.Annotations annotations) => _annotations.Add(annotations, _kinds.Add);
    }
}
