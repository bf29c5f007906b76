namespace Microsoft.ML.Lstm;

/// <summary>How well tags were predicted, step by step, and for BIO tags entity by entity.</summary>
public sealed class TaggingMetrics
{
    internal TaggingMetrics(long tokens, long hits, IReadOnlyDictionary<string, EntityMetrics>? perEntity)
    {
        TokenCount = tokens;
        TokenAccuracy = (double)hits / tokens;
        PerEntity = perEntity ?? new Dictionary<string, EntityMetrics>();
        Entities = perEntity is null ? null : new EntityMetrics(
            perEntity.Values.Sum(e => e.LabelledCount), perEntity.Values.Sum(e => e.PredictedCount), perEntity.Values.Sum(e => e.CorrectCount));
    }

    /// <summary>Steps that have a label.</summary>
    public long TokenCount { get; }

    /// <summary>Fraction of them whose predicted label is right; NaN if there is none.</summary>
    public double TokenAccuracy { get; }

    /// <summary>
    /// Precision, recall and F1 of entities of all types together, as CoNLL-2003 defines them (Tjong Kim Sang and De Meulder 2003); null if the
    /// tags are not BIO, that is <c>O</c>, <c>B-type</c> and <c>I-type</c>.
    /// </summary>
    public EntityMetrics? Entities { get; }

    /// <summary>The same for each type of entity; empty if the tags are not BIO.</summary>
    public IReadOnlyDictionary<string, EntityMetrics> PerEntity { get; }

    /// <summary>The figures on one line, in invariant culture.</summary>
    public override string ToString() => Invariant($"{TokenAccuracy:P2} of {Plural.Of(TokenCount, "token")} right")
        + (Entities is null ? "" : Invariant($"; {Plural.Of(Entities.LabelledCount, "entity", "entities")}: {Entities}"));
}
