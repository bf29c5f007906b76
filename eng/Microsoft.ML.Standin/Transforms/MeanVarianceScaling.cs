using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>To unit variance, or to unit mean square with zero fixed; a constant slot becomes zero.</summary>
internal sealed record MeanVarianceScaling(bool FixZero, bool UseCdf) : Scaling
{
    public override ISlotStatistics<T> CreateStatistics<T>() => new Statistics<T>(this);

    private sealed class Statistics<T>(MeanVarianceScaling options) : ISlotStatistics<T>
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        private double _mean;
        private double _sumOfSquares;
        private long _count;
        private long _zeros;

        public void Add(T value)
        {
            // Zeros are folded in at the end, as if they had been left out of a sparse vector.
            if (value == T.Zero)
                _zeros++;
            else if (T.IsFinite(value))
            {
                double real = double.CreateTruncating(value);
                double delta = real - _mean;
                _mean += delta / ++_count;
                _sumOfSquares += delta * (real - _mean);
            }
        }

        public SlotFunction<T> Finish()
        {
            AddZeros();
            if (_sumOfSquares == 0)
                return new SlotFunction<T>(T.Zero, T.Zero, options.UseCdf);
            double variance = _sumOfSquares / _count;
            T deviation = T.CreateTruncating(Math.Sqrt(variance));
            T mean = T.CreateTruncating(_mean);
            if (options.UseCdf)
                return new SlotFunction<T>(deviation, mean, true);
            if (options.FixZero)
                return new SlotFunction<T>(T.One / T.CreateTruncating(Math.Sqrt(variance + (_mean * _mean))), T.Zero);
            T scale = T.One / deviation;
            return new SlotFunction<T>(scale, scale == T.Zero ? T.Zero : mean);
        }

        private void AddZeros()
        {
            if (_zeros == 0)
                return;
            _count += _zeros;
            double delta = -_mean;
            _mean += delta * _zeros / _count;
            _sumOfSquares += delta * -_mean * _zeros;
        }
    }
}
