namespace Microsoft.ML.Lstm.Windowing;

/// <summary>What a cursor keeps of one series: its latest rows, and where in it rows or values are missing.</summary>
internal sealed class SlidingSeries(WindowSettings settings, int rowSize, int labelSize)
{
    private readonly Queue<long> _missingInputs = [];
    private long _missingLabel;
    private long _run;

    /// <summary>The latest rows of the inputs.</summary>
    public SeriesBuffer Inputs { get; } = new(settings.Span, rowSize);

    /// <summary>The latest rows of what the label is of.</summary>
    public SeriesBuffer Label { get; } = new(Math.Max(1, settings.Horizon), labelSize);

    /// <summary>Windows made.</summary>
    public long Windows { get; set; }

    /// <summary>Whether the latest row completes a window, where rows that are missing are not seen.</summary>
    public bool IsCompleteDespiteHoles => IsComplete(Inputs.Count);

    /// <summary>Whether the latest row completes a window.</summary>
    public bool IsCompleted => IsComplete(_run);

    /// <summary>Whether a value of the window, or of its label, that the latest row completes is missing.</summary>
    public bool HasMissing
    {
        get
        {
            long last = Inputs.Count;
            while (_missingInputs.TryPeek(out long row) && row <= last - settings.Span)
                _missingInputs.Dequeue();
            return (_missingInputs.TryPeek(out long first) && first <= last - settings.Horizon) || _missingLabel > last - settings.Horizon;
        }
    }

    /// <summary>Takes note of a row, whose values have been appended.</summary>
    /// <param name="follows">Whether it follows the row before it, with none missing between.</param>
    /// <param name="missingInput">Whether a value of the inputs is missing.</param>
    /// <param name="missingLabel">Whether a value of the label is missing.</param>
    public void Note(bool follows, bool missingInput, bool missingLabel)
    {
        _run = follows ? _run + 1 : 1;
        if (missingInput)
            _missingInputs.Enqueue(Inputs.Count);
        if (missingLabel)
            _missingLabel = Inputs.Count;
    }

    private bool IsComplete(long rows) => rows >= settings.Span && (rows - settings.Span) % settings.Stride == 0;
}
