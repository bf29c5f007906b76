using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The members of a class that hold columns: reads columns from its objects, fills its objects from a row.</summary>
internal sealed class RowBinding<TRow>
    where TRow : class
{
    private readonly MemberBinding<TRow>[] _members;

    public RowBinding(SchemaDefinition definition)
    {
        _members = [.. definition.Select(Bind)];
        var schema = new DataViewSchema.Builder();
        foreach (MemberBinding<TRow> member in _members)
            schema.AddColumn(member.ColumnName, member.Type, member.Annotations);
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public static RowBinding<TRow> ForReading(SchemaDefinition definition = null) =>
        new(definition ?? SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read));

    public static RowBinding<TRow> ForWriting(SchemaDefinition definition = null) =>
        new(definition ?? SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Write));

    /// <summary>The class's definition with the types and annotations of a schema, all of whose columns it must have.</summary>
    public static SchemaDefinition Define(IHostEnvironment env, DataViewSchema schema)
    {
        SchemaDefinition definition = SchemaDefinition.Create(typeof(TRow), SchemaDefinition.Direction.Read);
        foreach (DataViewSchema.Column column in schema)
        {
            SchemaDefinition.Column own = definition[column.Name] ?? throw env.Except($"Type should contain a member named {column.Name}");
            own.ColumnType = column.Type;
            own.AddAnnotations(column.Annotations);
        }
        return definition;
    }

    public Delegate CreateGetter(int column, CurrentRow<TRow> current) => _members[column].CreateGetter(current);

    /// <summary>The columns of a schema that the members take. Checked before there is any row.</summary>
    public DataViewSchema.Column[] Match(DataViewSchema schema, bool ignoreMissingColumns) =>
        [.. Pairs(schema, ignoreMissingColumns).Select(p => p.Column)];

    public Action<TRow> CreateFiller(DataViewRow row, bool ignoreMissingColumns)
    {
        Action<TRow>[] setters = [.. Pairs(row.Schema, ignoreMissingColumns).Select(p => p.Member.CreateSetter(row, p.Column))];
        return target =>
        {
            foreach (Action<TRow> setter in setters)
                setter(target);
        };
    }

    private static MemberBinding<TRow> Bind(SchemaDefinition.Column column)
    {
        MemberInfo member = (MemberInfo)typeof(TRow).GetField(column.MemberName) ?? typeof(TRow).GetProperty(column.MemberName);
        if (member is null)
            throw Contracts.ExceptParam("userSchemaDefinition",
                $"No field or property with name '{column.MemberName}' found in type '{typeof(TRow)}'");
        Type raw = SchemaDefinition.ItemTypeOf(member, out bool isVector);
        Contracts.CheckParam(isVector == column.ColumnType is VectorDataViewType, "userSchemaDefinition",
            $"Column '{column.ColumnName}' is {column.ColumnType}, but its member '{member.Name}' is a {SchemaDefinition.TypeOf(member)}");
        Contracts.CheckParam(column.ColumnType.GetItemType().RawType == raw, "userSchemaDefinition",
            $"Column '{column.ColumnName}' is supposed to have item type {column.ColumnType.GetItemType().RawType}, "
            + $"but its member has type {raw}");
        return MemberBinding<TRow>.Create(column, member, raw);
    }

    private List<(MemberBinding<TRow> Member, DataViewSchema.Column Column)> Pairs(DataViewSchema schema, bool ignoreMissingColumns)
    {
        var pairs = new List<(MemberBinding<TRow>, DataViewSchema.Column)>();
        foreach (MemberBinding<TRow> member in _members)
        {
            if (schema.GetColumnOrNull(member.ColumnName) is not { } column)
            {
                if (ignoreMissingColumns)
                    continue;
                throw Contracts.ExceptSchemaMismatch("Schema", "", member.ColumnName);
            }
            if (column.Type.RawType != member.Type.RawType)
                throw Contracts.Except($"Can't bind the IDataView column '{column.Name}' of type '{column.Type}' to {member}.");
            pairs.Add((member, column));
        }
        return pairs;
    }
}

/// <summary>The object that getters made by a binding read.</summary>
internal sealed class CurrentRow<TRow>
{
    public TRow Value;
}
