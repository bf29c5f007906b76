namespace Microsoft.ML.Lstm.Peers;

/// <summary>Scores through ML.NET: a row of a prediction engine, or a table to its end.</summary>
/// <param name="name">Whose transformer.</param>
/// <param name="score">Scores once.</param>
internal sealed class PipelineScoring(string name, Func<float[]> score) : ISide
{
    public string Name => name;

    public void Run() => score();

    public float[] Outputs() => score();

    public void Dispose()
    {
    }
}
