namespace Samples.Shared;

/// <summary>A row of a measured series.</summary>
internal sealed class Reading
{
    public DateTime Date { get; set; }

    public float Value { get; set; }
}
