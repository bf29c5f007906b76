using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>Reads a row's sequence: numbers or tokens.</summary>
internal sealed class SequenceReader
{
    private readonly IExceptionContext _context;
    private readonly DataViewRow _row;
    private readonly SequenceColumn _column;
    private readonly NumberReader? _numbers;
    private readonly ITokenReader? _tokens;

    public SequenceReader(IExceptionContext context, DataViewRow row, DataViewSchema.Column place, SequenceColumn column)
    {
        (_context, _row, _column) = (context, row, column);
        if (column.IsTokens)
            _tokens = TokenReader.Open(row, place);
        else
            _numbers = new NumberReader(row, place);
    }

    /// <summary>Reads the sequence of the row that the cursor is at. Both spans are valid until the next call.</summary>
    /// <param name="features">Numbers: [steps, step size]; empty if a step is a token.</param>
    /// <param name="tokens">Tokens: [steps]; empty if a step is numbers.</param>
    /// <returns>The number of steps.</returns>
    /// <exception cref="InvalidOperationException">The length is not that of whole steps, or not that of the model.</exception>
    public int Read(out ReadOnlySpan<float> features, out ReadOnlySpan<int> tokens)
    {
        features = _numbers is null ? [] : _numbers.Read();
        tokens = _tokens is null ? [] : _tokens.Read();
        if (features.Length % Math.Max(1, _column.StepSize) != 0)
            throw Unexpected(features.Length, $"a multiple of {_column.StepSize}, the step size");
        int steps = _column.IsTokens ? tokens.Length : features.Length / _column.StepSize;
        if (_column.StepCount is { } expected && steps != expected)
            throw Unexpected(steps * Math.Max(1, _column.StepSize), $"{expected * Math.Max(1, _column.StepSize)}");
        return steps;
    }

    private Exception Unexpected(int found, string expected) => _context.Process(new InvalidOperationException(
        $"Column '{_column.Name}' has {found} values in row {_row.Position}; expected {expected}."));
}
