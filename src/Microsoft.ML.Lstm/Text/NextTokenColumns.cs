using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Classification;
using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Export;
using Microsoft.ML.Lstm.Interop;
using Microsoft.ML.Lstm.Models;
using Microsoft.ML.Lstm.Rows;
using Microsoft.ML.Lstm.Trainers;
using Microsoft.ML.Runtime;
using static Microsoft.ML.SchemaShape.Column;

namespace Microsoft.ML.Lstm.Text;

/// <summary>What follows the tokens of a row: <c>PredictedLabel</c>, the most likely token, and <c>Score</c>, the probability of each.</summary>
internal sealed class NextTokenColumns : IRowExtension
{
    // A classifier's columns look the same but for this.
    private const string Marker = "IsNextToken";
    private readonly RecurrentModel _model;
    private readonly DataViewSchema.Column _input;
    private readonly int[] _tokenOfKey;
    private readonly int _rowsPerBlock;

    public NextTokenColumns(IExceptionContext context, RecurrentModel model, DataViewSchema schema, int rowsPerBlock)
    {
        (_model, _rowsPerBlock) = (model, rowsPerBlock);
        _input = KeyTexts.Find(context, schema, model.FeatureColumnName);
        _tokenOfKey = KeyTexts.ToTokens(context, _input, model.Head.Vocabulary!);
        Columns = new ClassColumns(model.OutputNames.Count, new KeyValues(TextDataViewType.Instance.ToString()!, model.OutputNames), Marker).On(schema);
    }

    /// <summary>The shape of the columns.</summary>
    public static SchemaShape.Column[] Shapes { get; } = ClassColumns.Shapes(SchemaShapes.Column("Token", VectorKind.Scalar, NumberDataViewType.UInt32, isKey: true,
        new SchemaShape([SchemaShapes.Column("KeyValues", VectorKind.Vector, TextDataViewType.Instance)])), Marker);

    /// <summary>Whether such a column is among those of a shape.</summary>
    public static bool AreIn(SchemaShape schema) => schema.Any(column => column.Annotations.Any(annotation => annotation.Name == Marker));

    public IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    public IReadOnlyList<DataViewSchema.Column> Dependencies => [_input];

    public Delegate[] CreateGetters(DataViewRow input) => CreateGetters(new CurrentRow(this, input));

    public IEnumerable<string> Convert(OnnxConversion conversion)
    {
        string keys = conversion.Cast(conversion.Column(_input.Name), OnnxType.Int64);
        long[] tokens = [.. _tokenOfKey.Select(token => (long)token)];
        return new PredictionConversion(conversion, _model).Write(conversion.Gather(conversion.Tensor("tokens", tokens, tokens.Length), keys, 0));
    }

    public IRowBlock? CreateBlock(DataViewRow input) =>
        _rowsPerBlock == 1 ? null : new BlockScoring(_model, _rowsPerBlock, new TokenizedRow(this, input).Read, CreateGetters);

    private static Delegate[] CreateGetters(ISequenceScoring scoring) =>
    [
        (ValueGetter<uint>)((ref uint value) => value = (uint)(scoring.Row().Class() + 1)),
        (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => ScoreVector.Set(scoring.Row(), ref value)),
    ];

    /// <summary>Reads rows as the model's tokens.</summary>
    private sealed class TokenizedRow(NextTokenColumns owner, DataViewRow row)
    {
        private readonly ITokenReader _reader = TokenReader.Open(row, owner._input);
        private int[] _tokens = [];

        public void Read(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens)
        {
            ReadOnlySpan<int> keys = _reader.Read();
            if (_tokens.Length < keys.Length)
                _tokens = new int[Math.Max(keys.Length, 2 * _tokens.Length)];
            for (int i = 0; i < keys.Length; i++)
                _tokens[i] = owner._tokenOfKey[keys[i]];
            features = [];
            tokens = _tokens.AsSpan(0, keys.Length);
        }
    }

    /// <summary>Scores the row that a cursor is at once, whichever columns are asked for.</summary>
    private sealed class CurrentRow(NextTokenColumns owner, DataViewRow row) : ISequenceScoring
    {
        private readonly TokenizedRow _reader = new(owner, row);
        private readonly RecurrentScorer _scorer = owner._model.CreateScorer();
        private long? _position;

        public ScoredSequence Row()
        {
            if (_position != row.Position)
            {
                _position = null;
                _reader.Read(out _, out ReadOnlySpan<int> tokens);
                _scorer.Run([], tokens);
                _position = row.Position;
            }
            return new ScoredSequence(owner._model, _scorer.Outputs);
        }
    }
}
