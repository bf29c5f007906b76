using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Text;

/// <summary>What follows the tokens of a row: <c>PredictedLabel</c>, the most likely token, and <c>Score</c>, the probability of each.</summary>
internal sealed class NextTokenColumns : IRowExtension
{
    private readonly NetworkScorer _network;
    private readonly Vocabulary _vocabulary;
    private readonly DataViewSchema.Column _input;
    private readonly int[] _tokenOfKey;

    public NextTokenColumns(IExceptionContext context, NetworkScorer network, Vocabulary vocabulary, DataViewSchema schema, string inputColumn)
    {
        (_network, _vocabulary) = (network, vocabulary);
        _input = KeyTexts.Find(context, schema, inputColumn);
        _tokenOfKey = KeyTexts.ToTokens(context, _input, vocabulary);
        Columns = new ClassColumns(vocabulary.Texts.Count, new KeyValues(TextDataViewType.Instance.ToString()!, vocabulary.Texts)).On(schema);
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
            (ValueGetter<uint>)((ref uint value) => value = (uint)(Logistic.Largest(row.Probabilities()) + 1)),
            (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => VectorValue.Set(row.Probabilities(), ref value)),
        ];
    }

    /// <summary>Scores the row that a cursor is at once, whichever columns are asked for.</summary>
    private sealed class Row(NextTokenColumns owner, DataViewRow row)
    {
        private readonly ITokenReader _reader = TokenReader.Open(row, owner._input);
        private readonly NextTokenScorer _scorer = new(owner._network);
        private readonly float[] _probabilities = new float[owner._network.Spec.OutputSize];
        private int[] _tokens = [];
        private long? _position;

        public ReadOnlySpan<float> Probabilities()
        {
            if (_position != row.Position)
                Score();
            _position = row.Position;
            return _probabilities;
        }

        private void Score()
        {
            _position = null;
            ReadOnlySpan<int> keys = _reader.Read();
            int first = owner._vocabulary.EndOfRow is null ? 0 : 1, count = first + keys.Length;
            if (count == 0)
            {
                Array.Fill(_probabilities, float.NaN);
                return;
            }
            if (_tokens.Length < count)
                _tokens = new int[Math.Max(count, 2 * _tokens.Length)];
            _tokens[0] = owner._vocabulary.EndOfRow ?? 0;
            for (int i = 0; i < keys.Length; i++)
                _tokens[first + i] = owner._tokenOfKey[keys[i]];
            _scorer.Reset();
            Logistic.Softmax(_scorer.ReadAll(_tokens.AsSpan(0, count)), _probabilities);
        }
    }
}
