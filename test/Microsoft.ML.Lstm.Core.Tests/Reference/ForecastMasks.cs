using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>Given dropout factors of a forecasting network: 0, or 1 / (1 − rate). Decoder rows are position · segments + segment.</summary>
/// <param name="Encoder">Of the input and the encoder's layers.</param>
/// <param name="Layers">On the outputs of each of the decoder's layers but the last: layer → decoder row → [H].</param>
/// <param name="Recurrent">On h inside the decoder's recurrent product, the same for all segments: layer → position → [H].</param>
/// <param name="Output">On what the output layer reads: decoder row → [top].</param>
/// <param name="KnowsSeries">Whether the sequence at a position knows its series.</param>
internal sealed record ForecastMasks(ReferenceMasks Encoder, double[][][] Layers, double[][][] Recurrent, double[][] Output, bool[] KnowsSeries)
{
    /// <summary>Masks that drop nothing.</summary>
    public static ForecastMasks None(NetworkSpec spec, SequenceBatch batch)
    {
        int rows = batch.SequenceCount * spec.Forecast!.SegmentCount;
        double[][] Ones(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => Enumerable.Repeat(1.0, size).ToArray())];
        return new ForecastMasks(
            ReferenceMasks.Draw(spec, batch, 0, new Random(0)),
            [.. spec.HiddenSizes.SkipLast(1).Select(units => Ones(rows, units))],
            [.. spec.HiddenSizes.Select(units => Ones(batch.SequenceCount, units))],
            Ones(rows, spec.TopSize),
            [.. Enumerable.Repeat(true, batch.SequenceCount)]);
    }
}
