using Microsoft.ML.Data;

namespace Microsoft.ML.Lstm.Rows;

/// <summary>Columns whose values are computed for a block of rows at a time, by a row's place in the data view. Immutable and thread-safe.</summary>
/// <typeparam name="T">What is computed of a row.</typeparam>
internal interface IComputedColumns<T>
{
    /// <summary>Computes rows from one on, as many as are left or make a block.</summary>
    T[] Block(long first);

    /// <summary>A getter of one of the columns.</summary>
    /// <param name="output">Which, among those that are added.</param>
    /// <param name="type">Its type.</param>
    /// <param name="row">What was computed of the row that the cursor is at.</param>
    Delegate CreateGetter(int output, DataViewType type, Func<T> row);
}
