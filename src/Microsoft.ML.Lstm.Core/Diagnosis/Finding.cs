namespace Microsoft.ML.Lstm;

/// <summary>One thing that a <see cref="Diagnosis.NetworkDoctor"/> found. Immutable.</summary>
public sealed record Finding
{
    /// <summary>What was found.</summary>
    public required FindingCode Code { get; init; }

    /// <summary>How much it matters.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>What was seen, in plain words.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it, naming options.</summary>
    public required string Advice { get; init; }

    /// <summary>The figures behind it, by name.</summary>
    public IReadOnlyDictionary<string, double> Evidence { get; init; } = new Dictionary<string, double>();

    /// <summary>Code, message, advice and evidence in one line.</summary>
    public override string ToString()
    {
        string evidence = string.Join(", ", Evidence.Select(pair => Invariant($"{pair.Key} {pair.Value:G4}")));
        return Invariant($"{Code}: {Message} {Advice}{(evidence.Length > 0 ? Invariant($" ({evidence})") : "")}");
    }
}
