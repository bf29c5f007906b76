using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

[assembly: LoadableClass(typeof(ITransformer), typeof(ColumnSelectingTransformer), null, typeof(SignatureLoadModel),
    "Select Columns Transform", ColumnSelectingTransformer.LoaderSignature)]

namespace Microsoft.ML.Transforms;

/// <summary>Keeps the named columns, in the order named, or all but those.</summary>
public sealed class ColumnSelectingTransformer : ITransformer
{
    internal const string LoaderSignature = "SelectColumnsTransform";
    private static readonly VersionInfo Version = TransformVersion.Create("SELCOLST", LoaderSignature);
    private readonly IHost _host;
    private readonly string[] _names;
    private readonly bool _keep;
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] columnNames, bool keep, bool keepHidden)
    {
        _host = env.Register(nameof(ColumnSelectingTransformer));
        _host.CheckValue(columnNames, nameof(columnNames));
        _names = columnNames;
        _keep = keep;
        _keepHidden = keepHidden;
    }

    bool ITransformer.IsRowToRowMapper => true;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => MakeMapper(inputSchema, nameof(inputSchema)).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        _host.CheckValue(input, nameof(input));
        return new MappedDataView(input, MakeMapper(input.Schema, nameof(input)));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => MakeMapper(inputSchema, nameof(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.Writer.Write(_keep);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.Write(_names.Length);
        foreach (string name in _names)
            ctx.Writer.Write(name);
    }

    internal bool Selects(string name) => _names.Contains(name) == _keep;

    internal void CheckColumns(IEnumerable<string> inputNames, string paramName)
    {
        string[] missing = [.. _names.Except(inputNames)];
        if (missing.Length > 0)
            throw _host.ExceptSchemaMismatch(paramName, "input", string.Join(",", missing));
    }

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        ctx.CheckAtModel(Version);
        bool keep = ctx.Reader.ReadBoolean();
        bool keepHidden = ctx.Reader.ReadBoolean();
        var names = new string[ctx.Reader.ReadInt32()];
        for (int i = 0; i < names.Length; i++)
            names[i] = ctx.Reader.ReadString();
        return new ColumnSelectingTransformer(env, names, keep, keepHidden);
    }

    private SelectingMapper MakeMapper(DataViewSchema inputSchema, string paramName)
    {
        _host.CheckValue(inputSchema, paramName);
        CheckColumns(inputSchema.Select(c => c.Name), paramName);
        IEnumerable<DataViewSchema.Column> kept = _keep
            ? _names.SelectMany(name => inputSchema.Where(c => c.Name == name && (_keepHidden || !c.IsHidden)))
            : inputSchema.Where(c => !_names.Contains(c.Name));
        return new SelectingMapper(inputSchema, [.. kept]);
    }
}
