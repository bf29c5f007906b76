using Microsoft.ML.Lstm.Interop;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>The columns that a row-to-row transformer adds to a row, and how they are computed.</summary>
internal interface IRowExtension
{
    /// <summary>The added columns; one with the name of an input column hides it.</summary>
    IReadOnlyList<DataViewSchema.DetachedColumn> Columns { get; }

    /// <summary>The input columns that they are computed from.</summary>
    IReadOnlyList<DataViewSchema.Column> Dependencies { get; }

    /// <summary>A <see cref="ValueGetter{TValue}"/> for each added column, with scratch buffers of its own for this row.</summary>
    Delegate[] CreateGetters(DataViewRow input);

    /// <summary>Writes the added columns into a graph of ONNX, for whole batches of rows: a value for each of <see cref="Columns"/>, in their order.</summary>
    /// <exception cref="NotSupportedException">They cannot be a graph; says why.</exception>
    IEnumerable<string> Convert(OnnxConversion conversion) => throw conversion.Refusal("it reads rows before the current one; expected a transformer that does not");

    /// <summary>Computes the columns of many rows together, to the same bits; null if that would gain nothing.</summary>
    IRowBlock? CreateBlock(DataViewRow input) => null;
}
