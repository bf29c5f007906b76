using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>How a normalizer learns the function it applies to each slot.</summary>
internal abstract record Scaling
{
    public abstract ISlotStatistics<T> CreateStatistics<T>()
        where T : struct, IBinaryFloatingPointIeee754<T>;
}
