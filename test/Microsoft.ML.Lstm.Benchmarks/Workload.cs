using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>One of the shapes that peers compute too (test/Microsoft.ML.Lstm.Peers).</summary>
/// <param name="Spec">The network.</param>
/// <param name="Options">Loss, optimiser, clipping and dropout.</param>
/// <param name="Batch">B, sequences per call.</param>
/// <param name="Steps">T, of the longest sequence.</param>
/// <param name="Kind">What one call does.</param>
/// <param name="Items">What <see cref="Unit"/> counts, per call.</param>
/// <param name="Unit">Such as <c>windows/s</c>.</param>
internal sealed record Workload(NetworkSpec Spec, EngineOptions Options, int Batch, int Steps, WorkloadKind Kind, int Items, string Unit)
{
    /// <summary>Steps of the shortest sequence, where lengths vary; 0: all have <see cref="Steps"/>.</summary>
    public int ShortestSequence { get; init; }

    /// <summary>How a single sequence's scorer stores its weights.</summary>
    public WeightPrecision Precision { get; init; }

    /// <summary>Steps of each sequence, drawn evenly where they vary.</summary>
    public int[] Lengths()
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, Batch).Select(_ => ShortestSequence == 0 ? Steps : random.Next(ShortestSequence, Steps + 1))];
    }

    /// <summary>The workload without dropout, whose outputs and losses can be compared.</summary>
    public Workload WithoutDropout() => this with { Options = Options with { Regularization = new RegularizationSpec { SeriesDropout = 0 } } };

    /// <summary>Multiply-adds times two of one call, by the usual count: three passes for training, one for scoring.</summary>
    public double FlopsPerCall
    {
        get
        {
            if (Spec.Forecast is { } forecast)
                return (Kind == WorkloadKind.Train ? 3 : 1) * Batch * ForecastFlops(forecast);
            double perStep = 0;
            int gates = ParameterLayout.Gates(Spec.Cell);
            for (int layer = 0; layer < Spec.HiddenSizes.Count; layer++)
                perStep += 2.0 * Spec.Directions * gates * Spec.HiddenSizes[layer] * (Spec.LayerInputSize(layer) + Spec.HiddenSizes[layer]);
            double perOutput = 2.0 * Spec.TopSize * Spec.OutputSize;
            double outputs = Spec.Output == OutputPosition.EveryStep ? Lengths().Average() : 1;
            double steps = Kind == WorkloadKind.StepOne ? 1 : Lengths().Average();
            return (Kind == WorkloadKind.Train ? 3 : 1) * Batch * ((perStep * steps) + (perOutput * outputs));
        }
    }

    /// <summary>Of one window: embedded segments, the encoder's steps, the decoder's, the outputs and the skip.</summary>
    private double ForecastFlops(ForecastSpec forecast)
    {
        double cells = 0;
        for (int layer = 0; layer < Spec.HiddenSizes.Count; layer++)
            cells += 2.0 * ParameterLayout.Gates(Spec.Cell) * Spec.HiddenSizes[layer] * (Spec.LayerInputSize(layer) + Spec.HiddenSizes[layer]);
        double embedding = forecast.EmbedsSegments ? 2.0 * Spec.InputSize * forecast.DecoderSize : 0;
        double output = 2.0 * Spec.TopSize * forecast.SegmentLength * forecast.StepOutputs;
        return (Steps * (embedding + cells)) + (forecast.SegmentCount * (cells + output)) + (2.0 * forecast.SkipLength * Spec.OutputSize);
    }

    /// <summary>A batch of random inputs and targets.</summary>
    public SequenceBatch CreateBatch()
    {
        var random = new Random(1);
        var batch = new SequenceBatch();
        batch.Reset(Lengths(), Spec.InputSize, Spec.VocabularySize > 0, Options.Loss.TargetsAreClasses ? 0 : Spec.OutputSize, Spec.Output == OutputPosition.EveryStep);
        if (Spec.Forecast is { } forecast)
        {
            batch.SetCovariates(forecast.SeriesCount > 0, forecast.StaticSize, forecast.Horizon * forecast.FutureSize);
            foreach (ref int series in batch.Series)
                series = 1 + random.Next(forecast.SeriesCount);
        }
        foreach (ref float x in batch.Features)
            x = (float)((random.NextDouble() * 4) - 2);
        foreach (ref int token in batch.Tokens)
            token = random.Next(Spec.VocabularySize);
        foreach (ref float target in batch.Targets)
            target = (float)((random.NextDouble() * 4) - 2);
        foreach (ref int target in batch.Classes)
            target = random.Next(Spec.OutputSize);
        return batch;
    }
}
