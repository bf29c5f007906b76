using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Core.Tests.Reference;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Network;

public class ForecastNetworkTests
{
    private static readonly NetworkSpec s_spec = new()
    {
        Cell = CellKind.Gru,
        InputSize = 6,
        HiddenSizes = [8],
        OutputSize = 10,
        Forecast = new ForecastSpec { Horizon = 5, SegmentLength = 3, TargetCount = 2, DecoderSize = 8, SeriesCount = 3, SeriesSize = 2, StaticSize = 1, FutureSize = 2 },
    };

    private static ForecastSpec Forecast => s_spec.Forecast!;

    public static TheoryData<string, NetworkSpec> Refused => new()
    {
        { "Horizon", With(Forecast with { Horizon = 0 }) },
        { "SegmentLength", With(Forecast with { SegmentLength = 0 }) },
        { "TargetCount", With(Forecast with { TargetCount = 0 }) },
        { "QuantileCount", With(Forecast with { QuantileCount = 0 }) },
        { "DecoderSize", With(Forecast with { DecoderSize = 0 }) },
        { "SeriesCount", With(Forecast with { SeriesCount = -1 }) },
        { "SeriesSize", With(Forecast with { SeriesSize = 8 }) },
        { "SeriesSize", With(Forecast with { SeriesCount = 0 }) },
        { "SeriesSize", With(Forecast with { SeriesSize = 0 }) },
        { "StaticSize", With(Forecast with { StaticSize = -1 }) },
        { "FutureSize", With(Forecast with { FutureSize = -1 }) },
        { "FutureSize", With(Forecast with { FutureSize = int.MaxValue }) },
        { "SkipLength", With(Forecast with { SkipLength = -1 }) },
        { "OrderedQuantiles", With(Forecast with { OrderedQuantiles = true }) },
        { "InputSize", s_spec with { InputSize = 7 } },
        { "InputSize", s_spec with { InputSize = 3 } },
        { "OutputSize", s_spec with { OutputSize = 9 } },
        { "OutputSize", With(Forecast with { Horizon = int.MaxValue, QuantileCount = int.MaxValue }) },
        { "Bidirectional", s_spec with { Bidirectional = true } },
        { "LayerNormalization", s_spec with { Cell = CellKind.Lstm, LayerNormalization = true } },
        { "VocabularySize", s_spec with { VocabularySize = 5, EmbeddingSize = 2 } },
        { "Output", s_spec with { Output = OutputPosition.EveryStep } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Validate_PartsThatDoNotFit_NamesTheProperty(string property, NetworkSpec spec)
    {
        s_spec.Validate();
        Assert.StartsWith(property + " is ", Assert.Throws<ArgumentException>(spec.Validate).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layout_OfASegmentNetwork_HasTheNamesAndShapesOfItsDocumentation()
    {
        var layout = new ParameterLayout(With(Forecast with { SkipLength = 9 }));

        Assert.Equal(
            [
                "segment.weight 8x6", "segment.bias 8", "rnn.weight_ih_l0 24x8", "rnn.weight_hh_l0 24x8", "rnn.bias_ih_l0 24", "rnn.bias_hh_l0 24",
                "decoder.position 2x6", "decoder.series 4x2", "decoder.covariates.weight 8x7", "decoder.covariates.bias 8", "output.weight 6x8", "output.bias 6",
                "skip.weight 5x9", "skip.bias 5",
            ],
            layout.Slices.Select(s => $"{s.Name} {string.Join('x', s.Shape)}"));
    }

    [Fact]
    public void Layout_WithoutEmbeddedSegments_HasCellsOfTheDecodersOwn()
    {
        var layout = new ParameterLayout(With(Forecast with { EmbedsSegments = false, DecoderSize = 5 }));

        Assert.Equal([24, 6], layout["rnn.weight_ih_l0"].Shape);
        Assert.Equal([24, 5], layout["decoder.weight_ih_l0"].Shape);
        Assert.False(layout.Contains("segment.weight"));
    }

    [Fact]
    public void InitialWeights_OfEmbeddingsAndSkip_AreAsDocumented()
    {
        NetworkSpec spec = With(Forecast with { SkipLength = 9, SeriesCount = 999, SeriesSize = 4 });
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1 });
        var weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        float[] Read(string name) => weights.AsSpan(engine.Parameters[name].Offset, engine.Parameters[name].Length).ToArray();

        float[] series = Read("decoder.series");
        Assert.All(series[..4], w => Assert.Equal(0, w));
        Assert.Equal(0, series.Average(), 0.06);
        Assert.Equal(1, series.Skip(4).Average(w => w * w), 0.1);
        Assert.All(Read("skip.weight"), w => Assert.Equal(0, w));
        Assert.Contains(Read("segment.weight"), w => w != 0);
        Assert.Contains(Read("decoder.covariates.weight"), w => w != 0);
    }

    [Fact]
    public void ModelFile_OfAForecastingNetwork_ComesBackAsItWas()
    {
        var weights = new float[new ParameterLayout(s_spec).BlockLength];
        using var stream = new MemoryStream();
        new ModelFile { Spec = s_spec, Loss = new(), Weights = weights }.Write(stream);
        stream.Position = 0;

        Assert.Equal(s_spec.Forecast, ModelFile.Read(stream).Spec.Forecast);
    }

    public static TheoryData<string, Action<SequenceBatch>> Misfits => new()
    {
        { "static covariates", batch => batch.SetCovariates(hasSeries: true, 2, 10) },
        { "future covariates", batch => batch.SetCovariates(hasSeries: true, 1, 9) },
        { "no series", batch => batch.SetCovariates(hasSeries: false, 1, 10) },
        { "A series is 4", batch => batch.Series[0] = 4 },
        { "A series is -1", batch => batch.Series[1] = -1 },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Score_BatchThatDoesNotFit_SaysWhat(string message, Action<SequenceBatch> spoil)
    {
        SequenceBatch batch = Batch();
        ScoringSession session = Session(s_spec);
        session.Score(batch, new float[20]);
        spoil(batch);
        Assert.Contains(message, Assert.ThrowsAny<ArgumentException>(() => session.Score(batch, new float[20])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Continue_SegmentBySegment_GivesTheWholeWindowsForecast()
    {
        NetworkSpec spec = s_spec with { HiddenSizes = [8, 5], Cell = CellKind.Lstm };
        SequenceBatch whole = ForecastEngineTests.Alone(Batch(), 0), step = new();
        ScoringSession session = Session(spec);
        float[] expected = new float[10], found = new float[10];
        session.Score(whole, expected);

        for (int t = 0; t < whole.StepCount; t++)
        {
            step.Reset([1], 6);
            step.SetCovariates(hasSeries: true, 1, 10);
            step.Series[0] = whole.Series[0];
            whole.Statics.CopyTo(step.Statics);
            whole.Futures.CopyTo(step.Futures);
            whole.Features.Slice(t * 6, 6).CopyTo(step.Features);
            session.Continue(step, found);
        }

        Assert.Equal(expected, found);
    }

    [Fact]
    public void Continue_WithASkip_IsRefusedAsItReadsWhatIsGone()
    {
        ScoringSession session = Session(With(Forecast with { SkipLength = 3 }));
        Assert.Contains("SkipLength is 3", Assert.Throws<InvalidOperationException>(() => session.Continue(Batch(), new float[20])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WithSeriesDropout_TeachesTheUnknownSeriesTheirMean()
    {
        // Each of three series is constant, at 1, 2 and 6; the window says nothing.
        var spec = new NetworkSpec
        {
            Cell = CellKind.Gru,
            InputSize = 1,
            HiddenSizes = [8],
            OutputSize = 1,
            Forecast = new ForecastSpec { Horizon = 1, DecoderSize = 8, SeriesCount = 3, SeriesSize = 4 },
        };
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1, Regularization = new RegularizationSpec { SeriesDropout = 0.2f } });
        var batch = new SequenceBatch();
        batch.Reset([1, 1, 1], 1, targetSize: 1);
        batch.SetCovariates(hasSeries: true, 0, 0);
        for (int i = 0; i < 3; i++)
            (batch.Series[i], batch.Targets[i]) = (i + 1, new float[] { 1, 2, 6 }[i]);
        for (int i = 0; i < 2500; i++)
            engine.Step(batch, i < 1500 ? 0.01f : 0.001f);
        float[] known = new float[3], unknown = new float[3];
        engine.Predict(batch, known);
        batch.Series.Clear();
        engine.Predict(batch, unknown);

        Assert.Equal(1, known[0], 0.2);
        Assert.Equal(2, known[1], 0.2);
        Assert.Equal(6, known[2], 0.2);
        Assert.Equal(3, unknown[0], 0.6);
    }

    private static NetworkSpec With(ForecastSpec forecast) => s_spec with { Forecast = forecast };

    private static SequenceBatch Batch()
    {
        var random = new Random(1);
        var batch = new SequenceBatch();
        batch.Reset([4, 2], 6);
        batch.SetCovariates(hasSeries: true, 1, 10);
        (batch.Series[0], batch.Series[1]) = (3, 0);
        foreach (ref float x in batch.Features)
            x = random.NextSingle();
        batch.Statics.Fill(0.5f);
        foreach (ref float x in batch.Futures)
            x = random.NextSingle();
        return batch;
    }

    private static ScoringSession Session(NetworkSpec spec)
    {
        using var engine = new ManagedEngine(spec, Plain.Engine with { Threads = 1 });
        var weights = new float[engine.Parameters.BlockLength];
        engine.ExportWeights(weights);
        return new NetworkScorer(spec, weights).CreateSession();
    }
}
