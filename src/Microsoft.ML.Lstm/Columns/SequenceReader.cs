using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads a row's sequence: numbers, tokens, or both.</summary>
internal sealed class SequenceReader
{
    private readonly IExceptionContext _context;
    private readonly DataViewRow _row;
    private readonly SequenceInput _input;
    private readonly NumberReader? _numbers;
    private readonly ITokenReader? _tokens;

    public SequenceReader(IExceptionContext context, DataViewRow row, SequenceInput input)
    {
        (_context, _row, _input) = (context, row, input);
        if (!input.Features.IsTokens)
            _numbers = new NumberReader(row, row.Schema[input.Features.Name]);
        if (input.TokenColumn is { } tokens)
            _tokens = TokenReader.Open(row, row.Schema[tokens.Name]);
    }

    /// <summary>Reads the sequence of the row that the cursor is at. Both spans are valid until the next call.</summary>
    /// <param name="features">Numbers: [steps, step size]; empty if a step is only a token.</param>
    /// <param name="tokens">Tokens: [steps]; empty if a step is only numbers.</param>
    /// <returns>The number of steps.</returns>
    /// <exception cref="InvalidOperationException">A length is not that of whole steps, not that of the model, or not that of the other column.</exception>
    public int Read(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens)
    {
        features = _numbers is null ? [] : _numbers.Read();
        tokens = _tokens is null ? [] : _tokens.Read();
        int steps = Steps(_input.Features, _numbers is null ? tokens.Length : features.Length);
        if (_input.Tokens is { } column && Steps(column, tokens.Length) != steps)
            throw Unexpected(column, tokens.Length, Invariant($"{steps}, one for each step of column '{_input.Features.Name}'"));
        return steps;
    }

    private int Steps(SequenceColumn column, int values)
    {
        int size = Math.Max(1, column.StepSize), steps = values / size;
        if (values % size != 0)
            throw Unexpected(column, values, Invariant($"a multiple of {size}, the step size"));
        if (column.StepCount is { } expected && steps != expected)
            throw Unexpected(column, values, Invariant($"{expected * size}"));
        return steps;
    }

    private Exception Unexpected(SequenceColumn column, int found, string expected) => _context.Process(new InvalidOperationException(
        Invariant($"Column '{column.Name}' has {Plural.Of(found, "value")} in {RowPlace.Of(_row)}; expected {expected}.")));
}
