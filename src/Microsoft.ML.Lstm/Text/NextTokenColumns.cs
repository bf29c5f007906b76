using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Export;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Text;

/// <summary>What follows the tokens of a row: <c>PredictedLabel</c>, the most likely token, and <c>Score</c>, the probability of each.</summary>
internal sealed class NextTokenColumns : IRowExtension
{
    private readonly RecurrentModel _model;
    private readonly DataViewSchema.Column _input;
    private readonly int[] _tokenOfKey;

    public NextTokenColumns(IExceptionContext context, RecurrentModel model, DataViewSchema schema)
    {
        _model = model;
        _input = KeyTexts.Find(context, schema, model.FeatureColumnName);
        _tokenOfKey = KeyTexts.ToTokens(context, _input, model.Head.Vocabulary!);
        Columns = new ClassColumns(model.OutputNames.Count, new KeyValues(TextDataViewType.Instance.ToString()!, model.OutputNames)).On(schema);
    }

    /// <summary>The shape of the columns.</summary>
    public static SchemaShape.Column[] Shapes { get; } = ClassColumns.Shapes(SchemaShapes.Column("Token", VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
        new SchemaShape([SchemaShapes.Column("KeyValues", VectorKind.Vector, TextDataViewType.Instance)])));

    /// <summary>
    /// Whether such a column is among those of a shape. A classifier's look the same, but what annotates these is handed on from estimator to
    /// estimator as it is.
    /// </summary>
    public static bool AreIn(SchemaShape schema) => schema.Any(column => Shapes.Any(own => ReferenceEquals(own.Annotations, column.Annotations)));

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies => [_input];

    public Delegate[] CreateGetters(DataViewRow input)
    {
        var row = new Row(this, input);
        return
        [
            (ValueGetter<uint>)((ref uint value) => value = (uint)(row.Scored().Class() + 1)),
            (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => ScoreVector.Set(row.Scored(), ref value)),
        ];
    }

    public IEnumerable<string> Convert(OnnxConversion conversion)
    {
        string keys = conversion.Cast(conversion.Column(_input.Name), OnnxType.Int64);
        long[] tokens = [.. _tokenOfKey.Select(token => (long)token)];
        return new PredictionConversion(conversion, _model).Write(conversion.Gather(conversion.Tensor("tokens", tokens, tokens.Length), keys, 0));
    }

    /// <summary>Scores the row that a cursor is at once, whichever columns are asked for.</summary>
    private sealed class Row(NextTokenColumns owner, DataViewRow row)
    {
        private readonly ITokenReader _reader = TokenReader.Open(row, owner._input);
        private readonly RecurrentScorer _scorer = owner._model.CreateScorer();
        private int[] _tokens = [];
        private long? _position;

        public RecurrentScorer Scored()
        {
            if (_position == row.Position)
                return _scorer;
            _position = null;
            ReadOnlySpan<int> keys = _reader.Read();
            if (_tokens.Length < keys.Length)
                _tokens = new int[Math.Max(keys.Length, 2 * _tokens.Length)];
            for (int i = 0; i < keys.Length; i++)
                _tokens[i] = owner._tokenOfKey[keys[i]];
            _scorer.Run([], _tokens.AsSpan(0, keys.Length));
            _position = row.Position;
            return _scorer;
        }
    }
}
