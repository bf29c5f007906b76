using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads the lines of text files as rows; a file is opened anew by every cursor.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly TextFormat _format;
    private readonly TextColumn[] _columns;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options options = null, IMultiStreamSource dataSample = null)
    {
        options ??= new Options();
        dataSample ??= new MultiFileSource();
        if (options.Columns is not { Length: > 0 })
            options = EmbeddedOptions.ReadOrDefault(options, dataSample);
        _format = TextFormat.Create(options);
        _columns = TextColumn.Bind(options.Columns, _format, dataSample);
        var builder = new DataViewSchema.Builder();
        foreach (TextColumn column in _columns)
            builder.AddColumn(column.Name, column.Type, column.MakeAnnotations());
        _schema = builder.ToSchema();
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source)
    {
        Contracts.CheckValue(source, nameof(source));
        return new TextDataView(_schema, _columns, _format, source);
    }

    /// <summary>The columns are the members of the class, each of which must say where it is loaded from.</summary>
    internal static TextLoader Create<TInput>(IHostEnvironment env, Options options = null, IMultiStreamSource dataSample = null)
    {
        options ??= new Options();
        const BindingFlags visible = BindingFlags.Public | BindingFlags.Instance;
        MemberInfo[] members = [.. typeof(TInput).GetFields(visible), .. typeof(TInput).GetProperties(visible)
            .Where(p => p.GetGetMethod() is not null && p.GetIndexParameters().Length == 0)];
        env.CheckParam(members.Length > 0, nameof(TInput), "Should define at least one public, readable field or property in TInput.");
        options.Columns = [.. members.Select(m => MakeColumn(env, m))];
        return new TextLoader(env, options, dataSample);
    }

    private static Column MakeColumn(IHostEnvironment env, MemberInfo member)
    {
        string what = member is FieldInfo ? "Field" : "Property";
        LoadColumnAttribute load = member.GetCustomAttribute<LoadColumnAttribute>()
            ?? throw env.Except($"{what} '{member.Name}' is missing the {nameof(LoadColumnAttribute)} attribute");
        Type type = SchemaDefinition.TypeOf(member);
        if (!(type.IsArray ? type.GetElementType() : type).TryGetDataKind(out DataKind kind))
            throw env.Except($"{what} {member.Name} is of unsupported type {type}.");
        return new Column
        {
            Name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name,
            DataKind = kind,
            Source = load.Sources,
            KeyCount = member.GetCustomAttribute<KeyTypeAttribute>() is { } key ? new KeyCount(key.Count) : null,
        };
    }
}
