using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>To -1 … 1 with zero fixed, otherwise to 0 … 1; a constant slot becomes zero.</summary>
internal sealed record MinMaxScaling(bool FixZero) : Scaling
{
    public override ISlotStatistics<T> CreateStatistics<T>() => new Statistics<T>(FixZero);

    private sealed class Statistics<T>(bool fixZero) : ISlotStatistics<T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        private T _min = T.PositiveInfinity;
        private T _max = T.NegativeInfinity;

        public void Add(T value)
        {
            // NaN is neither.
            if (value > _max)
                _max = value;
            if (value < _min)
                _min = value;
        }

        public SlotFunction<T> Finish()
        {
            if (!(_max > _min))
                return default;
            if (fixZero)
                return new SlotFunction<T>(T.One / T.Max(T.Abs(_max), T.Abs(_min)), T.Zero);
            T scale = T.One / (_max - _min);
            return new SlotFunction<T>(scale, scale == T.Zero ? T.Zero : _min);
        }
    }
}
