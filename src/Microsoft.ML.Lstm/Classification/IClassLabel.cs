using Microsoft.ML.Lstm.Columns;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.Classification;

/// <summary>A label that is one of several classes, of a sequence or of each of its steps.</summary>
internal interface IClassLabel : ILabelColumn
{
    /// <summary>Outputs that tell the classes apart: one for each, or one for two of them.</summary>
    int OutputSize { get; }

    /// <summary>The same label in other data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is missing, of another type or of other classes.</exception>
    IClassLabel In(IExceptionContext context, DataViewSchema schema);

    /// <summary>How many examples, or steps of them, are of each class.</summary>
    /// <exception cref="InvalidOperationException">All are of one class; names it and the column.</exception>
    long[] Count(IExceptionContext context, SequenceDataset examples);
}
