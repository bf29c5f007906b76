using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Columns;

/// <summary>What a trainer learns to answer: numbers, a class, one for each step.</summary>
internal interface ILabelColumn
{
    /// <summary>What such a column is, in messages.</summary>
    const string Role = "label";

    /// <summary>Name of the column.</summary>
    string Name { get; }

    /// <summary>The label's part of a dataset's shape.</summary>
    SequenceShape AddTo(SequenceShape shape);

    /// <summary>Reads the labels of the rows of a cursor.</summary>
    ILabelReader Open(DataViewRow row);
}
