using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>Sees every value of one slot, then gives the function for it.</summary>
internal interface ISlotStatistics<T>
    where T : struct, IBinaryFloatingPointIeee754<T>
{
    void Add(T value);

    SlotFunction<T> Finish();
}
