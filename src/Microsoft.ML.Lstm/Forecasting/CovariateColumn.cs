using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Forecasting;

/// <summary>Reads covariates off columns.</summary>
internal static class CovariateColumn
{
    private const int MostKeys = 10_000;
    private const string Expected = "Single, a vector of Single of known size, or a key";

    /// <summary>Reads off a schema what the column is.</summary>
    public static Covariate Of(IExceptionContext context, DataViewSchema schema, string role, string name)
    {
        DataViewSchema.Column column = SchemaMismatch.Find(context, schema, role, name);
        return column.Type switch
        {
            NumberDataViewType type when type.Equals(NumberDataViewType.Single) => new Covariate(name, 1, IsKey: false),
            VectorDataViewType { IsKnownSize: true } vector when vector.ItemType.Equals(NumberDataViewType.Single) => new Covariate(name, vector.Size, IsKey: false),
            KeyDataViewType key when key.Count is > 0 and <= MostKeys => new Covariate(name, (int)key.Count, IsKey: true),
            KeyDataViewType key => throw SchemaMismatch.IllTyped(context, role, name, Invariant($"a key of at most {MostKeys} values"), key.ToString()!),
            _ => throw SchemaMismatch.IllTyped(context, role, name, Expected, column.Type.ToString()!),
        };
    }

    /// <summary>Refuses a column that is missing or of another type, as far as a shape without sizes tells.</summary>
    public static void Check(IExceptionContext context, SchemaShape schema, string role, string name)
    {
        SchemaShape.Column column = SchemaMismatch.Find(context, schema, role, name);
        bool fits = column.IsKey ? column.Kind == VectorKind.Scalar : column.ItemType.Equals(NumberDataViewType.Single) && column.Kind != VectorKind.VariableVector;
        if (!fits)
            throw SchemaMismatch.IllTyped(context, role, name, Expected, column.Describe());
    }

    /// <summary>Refuses a column that is not what the model was trained on.</summary>
    public static void Require(this Covariate covariate, IExceptionContext context, DataViewSchema schema, string role)
    {
        if (Of(context, schema, role, covariate.Name) is var found && found != covariate)
            throw SchemaMismatch.IllTyped(context, role, covariate.Name, covariate.IsKey ? Invariant($"a key of {covariate.Size} values") : Invariant($"{covariate.Size} values"), schema[covariate.Name].Type.ToString()!);
    }

    /// <summary>Opens a reader that writes a row's values: [<see cref="Covariate.Size"/>].</summary>
    public static Action<float[]> Open(this Covariate covariate, IExceptionContext context, DataViewRow row)
    {
        DataViewSchema.Column column = row.Schema[covariate.Name];
        if (!covariate.IsKey)
        {
            var numbers = new NumberReader(row, column);
            return values => numbers.Read().CopyTo(values);
        }
        Func<ulong> key = KeyReader(row, column);
        return values =>
        {
            Array.Clear(values);
            ulong value = key();
            if (value > (ulong)covariate.Size)
                throw context.Process(new InvalidOperationException(Invariant($"Column '{covariate.Name}' has the key {value} in row {row.Position}; expected at most {covariate.Size}, its count.")));
            if (value > 0)
                values[value - 1] = 1;
        };
    }

    private static Func<ulong> KeyReader(DataViewRow row, DataViewSchema.Column column)
    {
        Type type = column.Type.RawType;
        return type == typeof(byte) ? Read<byte>(row, column, value => value)
            : type == typeof(ushort) ? Read<ushort>(row, column, value => value)
            : type == typeof(uint) ? Read<uint>(row, column, value => value)
            : Read<ulong>(row, column, value => value);
    }

    private static Func<ulong> Read<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> widen)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return widen(value);
        };
    }
}
