namespace Microsoft.ML.Lstm.Rows;

/// <summary>The added columns of a bounded number of rows, computed together.</summary>
internal interface IRowBlock
{
    /// <summary>Whether it has as many rows as it should take.</summary>
    bool IsFull { get; }

    /// <summary>Takes all rows out.</summary>
    void Clear();

    /// <summary>Takes in the row that the input is at. When it throws, the row is not taken in.</summary>
    void Add();

    /// <summary>Computes the columns of all rows.</summary>
    void Compute();

    /// <summary>A <see cref="ValueGetter{TValue}"/> for each added column, which reads what was computed of a row.</summary>
    /// <param name="row">The row, from 0, that the getters are to read.</param>
    Delegate[] CreateGetters(Func<int> row);
}
