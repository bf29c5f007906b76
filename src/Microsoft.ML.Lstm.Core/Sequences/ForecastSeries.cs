namespace Microsoft.ML.Lstm.Sequences;

/// <summary>One series that windows are cut from. Its memory is used as it is, never copied.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Id">Its number for the network, from 1 on; 0: a series that the network has not seen.</param>
/// <param name="Values">Features of each row, targets first: [rows, F].</param>
/// <param name="Statics">Static covariates: [S].</param>
/// <param name="Futures">Known covariates of each row and of as many rows after the last as are known: [rows or more, covariates].</param>
public sealed record ForecastSeries(string Name, int Id, ReadOnlyMemory<float> Values, ReadOnlyMemory<float> Statics, ReadOnlyMemory<float> Futures)
{
    /// <summary>A series of values alone.</summary>
    public ForecastSeries(string name, int id, ReadOnlyMemory<float> values)
        : this(name, id, values, default, default)
    {
    }
}
