using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>A forecasting network, a loss and a batch to try them on, all decided by <paramref name="Seed"/>.</summary>
/// <param name="Name">Says what is special about it.</param>
/// <param name="Spec">The architecture.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Lengths">Segments of each sequence.</param>
/// <param name="Missing">Whether some targets are missing.</param>
/// <param name="Dropout">Whether values are dropped.</param>
/// <param name="Seed">Seed of everything random.</param>
internal sealed record ForecastCase(string Name, NetworkSpec Spec, LossSpec Loss, int[] Lengths, bool Missing, bool Dropout, int Seed)
{
    private const float DropoutRate = 0.3f;

    /// <summary>Half-width of the weights' uniform distribution.</summary>
    public double WeightScale { get; init; } = 0.6;

    private float Rate => Dropout ? DropoutRate : 0;

    public override string ToString() => Name;

    /// <summary>The reference network with this case's weights, which floats represent exactly.</summary>
    public ReferenceForecastNetwork Network()
    {
        var network = new ReferenceForecastNetwork(Spec, Loss);
        var random = new Random(Seed);
        foreach (ParameterSlice slice in network.Layout.Slices)
            for (int i = 0; i < slice.Length; i++)
                network.Weights[slice.Offset + i] = (float)(Center(slice.Name) + (WeightScale * ((random.NextDouble() * 2) - 1)));
        return network;
    }

    /// <summary>The engine with the same weights.</summary>
    public ManagedEngine Engine(int threads = 2)
    {
        var engine = new ManagedEngine(Spec, Plain.Engine with
        {
            Loss = Loss,
            Regularization = new RegularizationSpec
            {
                InputDropout = Rate, LayerDropout = Rate, RecurrentDropout = Rate, OutputDropout = Rate, SeriesDropout = Rate,
            },
            Seed = Seed,
            Threads = threads,
        });
        engine.ImportWeights(Array.ConvertAll(Network().Weights, w => (float)w));
        return engine;
    }

    /// <summary>The batch.</summary>
    /// <param name="variant">Other values give other contents of the same shape.</param>
    public SequenceBatch Batch(int variant = 0)
    {
        var random = new Random(Seed + (1000 * (variant + 1)));
        ForecastSpec forecast = Spec.Forecast!;
        var batch = new SequenceBatch();
        batch.Reset(Lengths, Spec.InputSize, targetSize: forecast.Horizon * forecast.TargetCount);
        batch.SetCovariates(forecast.SeriesCount > 0, forecast.StaticSize, forecast.Horizon * forecast.FutureSize);
        batch.SkipsMissingTargets = Missing;
        Fill(batch.Features, 4);
        Fill(batch.Targets, 3);
        Fill(batch.Statics, 2);
        Fill(batch.Futures, 2);
        foreach (ref int series in batch.Series)
            series = random.Next(forecast.SeriesCount + 1);
        foreach (ref float weight in batch.Weights)
            weight = (float)(0.25 + (2 * random.NextDouble()));
        if (Missing)
        {
            for (int i = 1; i < batch.Targets.Length; i += 3)
                batch.Targets[i] = float.NaN;
            if (batch.SequenceCount > 1)
                batch.Targets[^batch.TargetSize..].Fill(float.NaN);
        }
        return batch;

        void Fill(Span<float> values, double width)
        {
            foreach (ref float value in values)
                value = (float)((random.NextDouble() - 0.5) * width);
        }
    }

    /// <summary>The masks of the engine's first training step.</summary>
    public ForecastMasks Masks(SequenceBatch batch)
    {
        int rows = batch.RowCount, decoderRows = batch.SequenceCount * Spec.Forecast!.SegmentCount;
        var plan = new DropoutPlan
        {
            InputRate = Rate, LayerRate = Rate, RecurrentRate = Rate, OutputRate = Rate, SeriesRate = Rate, LayerCount = Spec.HiddenSizes.Count, Seed = Seed,
        };
        var encoder = new ReferenceMasks(
            [],
            EngineCase.Rows(plan.Input, rows, Spec.InputSize),
            [.. Spec.HiddenSizes.SkipLast(1).Select((units, k) => EngineCase.Rows(plan.Layer(k), rows, units))],
            [.. Spec.HiddenSizes.Select((units, k) => EngineCase.Rows(plan.Recurrent(k, 0), batch.SequenceCount, units))],
            []);
        return new ForecastMasks(
            encoder,
            [.. Spec.HiddenSizes.SkipLast(1).Select((units, k) => EngineCase.Rows(plan.DecoderLayer(k), decoderRows, units))],
            [.. Spec.HiddenSizes.Select((units, k) => EngineCase.Rows(plan.DecoderRecurrent(k), batch.SequenceCount, units))],
            EngineCase.Rows(plan.Output, decoderRows, Spec.TopSize),
            [.. Enumerable.Range(0, batch.SequenceCount).Select(p => plan.Series.Factor(p) != 0)]);
    }

    // Keeps rectifiers from all being shut.
    private double Center(string name) =>
        name == "segment.bias" || (name.Contains("bias_ih", StringComparison.Ordinal) && Spec.Cell == CellKind.RnnRelu) ? 0.6 : 0;
}
