using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Models;

/// <summary>Sequences to be scored together, and what was predicted of each, one after the other in buffers that are reused.</summary>
internal sealed class SequenceBlock(RecurrentModel model)
{
    private float[] _features = [];
    private int[] _tokens = [];
    private float[] _outputs = [];
    private Place[] _places = new Place[16];

    /// <summary>Sequences.</summary>
    public int Count { get; private set; }

    /// <summary>Values and outputs of all sequences.</summary>
    public long ValueCount => Count == 0 ? 0 : (long)_places[Count - 1].End.Features + _places[Count - 1].End.Tokens + _places[Count - 1].End.Outputs;

    /// <summary>Steps of the longest sequence.</summary>
    public int LongestLength { get; private set; }

    /// <summary>Takes all sequences out.</summary>
    public void Clear() => (Count, LongestLength) = (0, 0);

    /// <summary>Adds a sequence whose shape is known to be right.</summary>
    /// <exception cref="InvalidOperationException">It does not fit into memory; it is not added.</exception>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<int> tokens)
    {
        NetworkSpec spec = model.Spec;
        int steps = spec.InputSize > 0 ? features.Length / spec.InputSize : tokens.Length;
        PassMemory.Require(spec, steps, forTraining: false, "The sequence to score");
        Ends start = Count == 0 ? default : _places[Count - 1].End;
        // A language model learns every step, and predicts what follows the last.
        bool everyStep = spec.Output == OutputPosition.EveryStep && model.Task != ModelTask.LanguageModel;
        int outputs = checked(spec.OutputSize * (everyStep ? steps : 1));
        var end = new Ends(checked(start.Features + features.Length), checked(start.Tokens + tokens.Length), checked(start.Outputs + outputs));
        Grow(ref _features, start.Features, end.Features);
        Grow(ref _tokens, start.Tokens, end.Tokens);
        Grow(ref _outputs, start.Outputs, end.Outputs);
        features.CopyTo(_features.AsSpan(start.Features));
        tokens.CopyTo(_tokens.AsSpan(start.Tokens));
        if (Count == _places.Length)
            Array.Resize(ref _places, 2 * Count);
        _places[Count++] = new Place(start, end, steps);
        LongestLength = Math.Max(LongestLength, steps);
    }

    /// <summary>Steps of a sequence.</summary>
    public int Length(int sequence) => _places[sequence].Steps;

    /// <summary>Values of a sequence: [steps, F].</summary>
    public ReadOnlySpan<float> Features(int sequence) => _features.AsSpan(_places[sequence].Start.Features.._places[sequence].End.Features);

    /// <summary>Tokens of a sequence: [steps].</summary>
    public ReadOnlySpan<int> Tokens(int sequence) => _tokens.AsSpan(_places[sequence].Start.Tokens.._places[sequence].End.Tokens);

    /// <summary>Where the outputs of a sequence belong: [O], or [steps, O].</summary>
    public Span<float> Outputs(int sequence) => _outputs.AsSpan(_places[sequence].Start.Outputs.._places[sequence].End.Outputs);

    /// <summary>What was predicted of a sequence.</summary>
    public ScoredSequence Scored(int sequence) => new(model, Outputs(sequence));

    private static void Grow<T>(ref T[] buffer, int held, int length)
    {
        if (length <= buffer.Length)
            return;
        var grown = new T[(int)Math.Min(Array.MaxLength, Math.Max(length, 2L * buffer.Length))];
        buffer.AsSpan(0, held).CopyTo(grown);
        buffer = grown;
    }

    private readonly record struct Ends(int Features, int Tokens, int Outputs);

    private readonly record struct Place(Ends Start, Ends End, int Steps);
}
