namespace Microsoft.ML.Lstm.Windowing;

/// <summary>What is saved of a fitted window.</summary>
/// <param name="Settings">Geometry and columns.</param>
/// <param name="Inputs">What the input columns are.</param>
/// <param name="RecentRows">The latest rows of each series.</param>
internal sealed record SavedWindow(WindowSettings Settings, IReadOnlyList<WindowInput> Inputs, IReadOnlyDictionary<string, RecentSeries> RecentRows)
{
    /// <summary>Refuses, as a whole, what no window can be.</summary>
    /// <exception cref="InvalidDataException">Says what was found and what was expected.</exception>
    public void Validate()
    {
        if (Settings is null || Inputs is null || RecentRows is null)
            throw new InvalidDataException(Invariant($"Its {(Settings is null ? nameof(Settings) : Inputs is null ? nameof(Inputs) : nameof(RecentRows))} is null; expected a value."));
        try
        {
            Settings.Validate();
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        if (Settings.Spacing is { Length: < 0 or > 1e20m })
            throw new InvalidDataException(Invariant($"Its Spacing is {Settings.Spacing.Length}; expected 0 to 1E+20."));
        ValidateInputs();
        long rowSize = Inputs.Sum(input => (long)input.Size);
        if (rowSize * Settings.Span > Array.MaxLength)
            throw new InvalidDataException(Invariant($"Its window has {Settings.Span} rows of {rowSize} values; expected at most {Array.MaxLength} values."));
        foreach ((string series, RecentSeries recent) in RecentRows)
            if (recent?.Rows is not { } rows || rows.Length % rowSize != 0 || rows.Length / rowSize > Settings.WindowLength)
                throw new InvalidDataException(Invariant(
                    $"Its recent rows of series '{Cut(series)}' have {recent?.Rows?.Length ?? 0} values; expected a multiple of {rowSize}, at most {rowSize * Settings.WindowLength}."));
    }

    private void ValidateInputs()
    {
        if (Inputs.Count != Settings.InputColumnNames.Count || Inputs.Any(input => input is null))
            throw new InvalidDataException(Invariant($"It has {Inputs.Count} inputs; expected {Settings.InputColumnNames.Count}, none of them null."));
        for (int i = 0; i < Inputs.Count; i++)
        {
            if (Inputs[i].Name != Settings.InputColumnNames[i])
                throw new InvalidDataException(Invariant($"Its input {i} is another column than the settings name; expected the same."));
            Inputs[i].Validate();
        }
    }

    private static string Cut(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
