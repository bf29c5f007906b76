using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How many values a key column has; as many as its type holds, where not given.</summary>
public sealed class KeyCount
{
    public ulong? Count;

    public KeyCount()
    {
    }

    public KeyCount(ulong count)
    {
        Contracts.CheckParam(count > 0, nameof(count),
            "The cardinality of valid values of a KeyDataViewType column has to be strictly positive.");
        Count = count;
    }
}
