using Microsoft.ML.Lstm.Columns;

namespace Microsoft.ML.Lstm.Windowing;

/// <summary>Reads what a row gives to a step of the window: the values of each input, one after the other.</summary>
internal sealed class StepReader(DataViewRow row, WindowColumns columns)
{
    private readonly NumberReader[] _readers = [.. columns.Inputs.Select(input => new NumberReader(row, row.Schema[input.Name]))];

    /// <summary>Reads the row that the cursor is at.</summary>
    /// <param name="step">What to fill: [F].</param>
    public void Read(Span<float> step)
    {
        foreach (NumberReader reader in _readers)
        {
            ReadOnlySpan<float> values = reader.Read();
            values.CopyTo(step);
            step = step[values.Length..];
        }
    }

    /// <summary>A step's first value that is not finite, and where it comes from; null if there is none.</summary>
    public static string? Missing(WindowColumns columns, ReadOnlySpan<float> step)
    {
        if (FiniteNumbers.AreAll(step))
            return null;
        foreach (WindowInput input in columns.Inputs)
        {
            for (int slot = 0; slot < input.Size; slot++)
                if (!float.IsFinite(step[slot]))
                    return Invariant($"Column '{input.Name}' has {step[slot]}{(input.IsVector ? Invariant($" as '{input.NameOf(slot)}'") : "")}");
            step = step[input.Size..];
        }
        return null;
    }
}
