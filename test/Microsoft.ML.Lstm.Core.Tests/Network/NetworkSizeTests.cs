using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;

namespace Microsoft.ML.Lstm.Core.Tests.Network;

/// <summary>Networks and batches beyond any memory are refused in a sentence, before anything is taken.</summary>
public sealed class NetworkSizeTests
{
    private static readonly NetworkSpec s_small = new() { Cell = CellKind.RnnTanh, InputSize = 1, HiddenSizes = [1], OutputSize = 1 };

    private static readonly NetworkSpec s_forecast = s_small with { InputSize = 24, OutputSize = 96, Forecast = new() { Horizon = 96, SegmentLength = 24, DecoderSize = 8 } };

    public static TheoryData<string, NetworkSpec> TooLarge => new()
    {
        { nameof(NetworkSpec.InputSize), s_small with { InputSize = 1 << 27 } },
        { nameof(NetworkSpec.InputSize), s_small with { InputSize = int.MaxValue } },
        { nameof(NetworkSpec.OutputSize), s_small with { OutputSize = 1 << 27 } },
        { nameof(NetworkSpec.OutputSize), s_small with { OutputSize = int.MaxValue, HiddenSizes = [64] } },
        { nameof(NetworkSpec.HiddenSizes), s_small with { HiddenSizes = [100_000] } },
        { nameof(NetworkSpec.HiddenSizes), s_small with { HiddenSizes = [4, int.MaxValue, 4], Bidirectional = true } },
        { nameof(NetworkSpec.HiddenSizes), s_small with { Cell = CellKind.Lstm, HiddenSizes = [int.MaxValue], LayerNormalization = true } },
        { nameof(NetworkSpec.HiddenSizes), s_small with { Cell = CellKind.Gru, HiddenSizes = [int.MaxValue / 4], LearnedInitialState = true } },
        { nameof(NetworkSpec.EmbeddingSize), s_small with { VocabularySize = 2, EmbeddingSize = int.MaxValue } },
        { nameof(NetworkSpec.EmbeddingSize), s_small with { VocabularySize = 2, EmbeddingSize = int.MaxValue, InputSize = int.MaxValue - 1 } },
        { nameof(NetworkSpec.VocabularySize), s_small with { VocabularySize = int.MaxValue, EmbeddingSize = 2 } },
        { nameof(ForecastSpec.DecoderSize), s_forecast with { Forecast = s_forecast.Forecast! with { DecoderSize = int.MaxValue } } },
        { nameof(ForecastSpec.DecoderSize), s_forecast with { Forecast = s_forecast.Forecast! with { DecoderSize = 1 << 27, EmbedsSegments = false } } },
        { nameof(ForecastSpec.FutureSize), s_forecast with { Forecast = s_forecast.Forecast! with { FutureSize = int.MaxValue / 24 } } },
        { nameof(ForecastSpec.StaticSize), s_forecast with { Forecast = s_forecast.Forecast! with { StaticSize = int.MaxValue } } },
        { nameof(ForecastSpec.SeriesCount), s_forecast with { Forecast = s_forecast.Forecast! with { SeriesCount = int.MaxValue - 1, SeriesSize = 4 } } },
        { nameof(ForecastSpec.SkipLength), s_forecast with { Forecast = s_forecast.Forecast! with { SkipLength = int.MaxValue } } },
        // No single matrix is too large; all together are.
        { nameof(NetworkSpec.HiddenSizes), s_small with { HiddenSizes = [.. Enumerable.Repeat(20_000, 8)] } },
    };

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void ParameterLayout_NetworkBeyondMemory_NamesThePropertyAndTheMemory(string property, NetworkSpec spec)
    {
        var failure = Assert.Throws<ArgumentException>(() => new ParameterLayout(spec));
        Assert.Equal(property, failure.ParamName);
        Assert.Contains(" GB", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 1, 300);
    }

    [Theory]
    [MemberData(nameof(TooLarge))]
    public void NetworkScorer_NetworkBeyondMemory_IsRefusedWithItsWeights(string property, NetworkSpec spec) =>
        Assert.Equal(property, Assert.Throws<ArgumentException>(() => new NetworkScorer(spec, new float[1])).ParamName);

    [Theory]
    [InlineData(1_001)]
    [InlineData(1_000_000)]
    public void Validate_TooManyLayers_SaysHowMany(int layers)
    {
        NetworkSpec spec = s_small with { HiddenSizes = [.. Enumerable.Repeat(1, layers)] };
        string message = Assert.Throws<ArgumentException>(spec.Validate).Message;
        Assert.Contains($"HiddenSizes is {layers} layers; expected at most 1000 layers", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_NetworkAtTheLimit_Passes()
    {
        (s_small with { HiddenSizes = [.. Enumerable.Repeat(1, 1000)] }).Validate();
        (s_small with { HiddenSizes = [46_000] }).Validate();
        s_forecast.Validate();
        (s_small with { InputSize = (1 << 26) - 64 }).Validate();
        (s_small with { OutputSize = (1 << 26) - 64 }).Validate();
    }

    [Fact]
    public void ParameterLayout_UnknownNameAmongMany_GivesAShortMessage()
    {
        var layout = new ParameterLayout(s_small with { HiddenSizes = [.. Enumerable.Repeat(1, 1000)] });
        Assert.InRange(Assert.Throws<KeyNotFoundException>(() => layout["x"]).Message.Length, 1, 500);
    }

    [Fact]
    public void Score_MoreStepsThanABufferHolds_SaysHowManyFit()
    {
        NetworkSpec spec = s_small with { InputSize = 0, VocabularySize = 1, EmbeddingSize = 1 << 17 };
        ScoringSession session = new NetworkScorer(spec, new float[new ParameterLayout(spec).BlockLength]).CreateSession();
        var batch = new SequenceBatch();
        batch.Reset([1 << 14], 0, hasTokens: true);
        string message = Assert.Throws<ArgumentException>(() => session.Score(batch, new float[1])).Message;
        Assert.Contains("The batch has 16384 steps in 1 sequence; expected fewer", message, StringComparison.Ordinal);
        Assert.Contains(" GB", message, StringComparison.Ordinal);
        batch.Reset([3], 0, hasTokens: true);
        session.Score(batch, new float[1]);
    }
}
