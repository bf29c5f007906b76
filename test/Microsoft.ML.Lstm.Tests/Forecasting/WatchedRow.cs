namespace Microsoft.ML.Lstm.Tests.Forecasting;

/// <summary>A row that says when its value is asked for.</summary>
internal sealed class WatchedRow(Func<float> value, Action asked)
{
    public string Series { get; set; } = "";

    public float Value
    {
        get
        {
            asked();
            return value();
        }
    }
}
