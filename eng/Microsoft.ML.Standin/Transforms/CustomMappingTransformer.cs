using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Adds the members of an object that the user's function fills from an object holding the row.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : RowToRowTransformerBase
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly string _contractName;
    private readonly RowBinding<TSrc> _source;
    private readonly RowBinding<TDst> _destination;

    internal CustomMappingTransformer(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition, SchemaDefinition outputSchemaDefinition)
        : base(env.Register("CustomMappingTransformer"))
    {
        Host.CheckValue(mapAction, nameof(mapAction));
        _map = mapAction;
        _contractName = contractName;
        _source = RowBinding<TSrc>.ForWriting(inputSchemaDefinition);
        _destination = RowBinding<TDst>.ForReading(outputSchemaDefinition);
    }

    internal DataViewSchema NeededSchema => _source.Schema;

    internal DataViewSchema AddedSchema => _destination.Schema;

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        Host.Check(_contractName is not null, "Empty contract name for a transform: the transform cannot be saved");
        CustomMappingLoader.Save(ctx, _contractName, _map.Method.DeclaringType.Assembly);
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) =>
        new Mapper(this, _source.Match(schema, ignoreMissingColumns: false));

    private sealed class Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema.Column[] sources) : IRowMapper
    {
        public DataViewSchema.DetachedColumn[] GetOutputColumns() =>
            [.. parent.AddedSchema.Select(c => new DataViewSchema.DetachedColumn(c))];

        public IEnumerable<int> GetSources(int added) => sources.Select(s => s.Index);

        public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> active)
        {
            var getters = new Delegate[parent.AddedSchema.Count];
            if (!Enumerable.Range(0, getters.Length).Any(active))
                return getters;
            Action refresh = MakeRefresh(input, out CurrentRow<TDst> current);
            for (int i = 0; i < getters.Length; i++)
            {
                if (active(i))
                    getters[i] = GenericCall.Invoke<Delegate>((Func<Delegate, Action, Delegate>)After<int>,
                        parent.AddedSchema[i].Type.RawType, parent._destination.CreateGetter(i, current), refresh);
            }
            return getters;
        }

        /// <summary>The user's function runs once per row, whatever number of columns is read.</summary>
        private Action MakeRefresh(DataViewRow input, out CurrentRow<TDst> current)
        {
            Action<TSrc> fill = parent._source.CreateFiller(input, ignoreMissingColumns: false);
            var source = new TSrc();
            var destination = new TDst();
            current = new CurrentRow<TDst> { Value = destination };
            long served = -1;
            return () =>
            {
                if (served == input.Position)
                    return;
                fill(source);
                parent._map(source, destination);
                served = input.Position;
            };
        }

        private static Delegate After<T>(Delegate getter, Action refresh)
        {
            var get = (ValueGetter<T>)getter;
            return (ValueGetter<T>)((ref T value) =>
            {
                refresh();
                get(ref value);
            });
        }
    }
}
