using Microsoft.ML.Data;

namespace Samples.Shared;

/// <summary>A row of a monthly series.</summary>
internal sealed class Month
{
    [LoadColumn(0)]
    public DateTime Date { get; set; }

    [LoadColumn(1)]
    public float Value { get; set; }
}
