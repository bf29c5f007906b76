using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Lstm.Onnx.Tests.Recurrent;

/// <summary>A sequence read piece by piece, its state carried by the caller, is scored as one that is read at once.</summary>
public sealed class StateTests
{
    private static readonly OnnxOptions s_withState = new() { WithState = true };

    [Theory]
    [InlineData(CellKind.Lstm, false, false)]
    [InlineData(CellKind.Lstm, true, false)]
    [InlineData(CellKind.Lstm, true, true)]
    [InlineData(CellKind.Gru, false, false)]
    [InlineData(CellKind.Gru, true, false)]
    [InlineData(CellKind.RnnTanh, false, false)]
    [InlineData(CellKind.RnnRelu, true, false)]
    public void SaveOnnx_WithState_ContinuesFromIt(CellKind cell, bool learned, bool normalized)
    {
        RecurrentModel model = ExportedModels.Create("multi-step", new NetworkSpec
        {
            Cell = cell, InputSize = 2, HiddenSizes = [4, 3], LearnedInitialState = learned, LayerNormalization = normalized,
        });
        using var session = new OnnxSession(stream => model.SaveOnnx(stream, s_withState));
        var random = new Random(2);
        float[] values = [.. Enumerable.Range(0, 2 * 9 * 2).Select(_ => random.NextSingle())];
        RecurrentScorer[] scorers = [model.CreateScorer(), model.CreateScorer()];
        NamedOnnxValue[] state = [];

        foreach (Range steps in (Range[])[0..1, 1..4, 4..9])
        {
            Dictionary<string, Array> found = session.Run([OnnxSession.Input("features", Steps(values, steps), 2,
                steps.End.Value - steps.Start.Value, 2), .. state]);
            state = [.. found.Where(pair => pair.Key.StartsWith("final_", StringComparison.Ordinal))
                .Select(pair => OnnxSession.Input("initial_" + pair.Key[6..], (float[])pair.Value, 1, 2, pair.Value.Length / 2))];

            float[] expected = [];
            for (int sequence = 0; sequence < 2; sequence++)
            {
                float[] score = [];
                for (int step = steps.Start.Value; step < steps.End.Value; step++)
                    score = scorers[sequence].Step(values.AsSpan(((sequence * 9) + step) * 2, 2)).ToArray();
                expected = [.. expected, .. score];
            }
            Near.Equal(expected, (float[])found["score"]);
        }
        Assert.Equal(cell == CellKind.Lstm ? 4 : 2, state.Length);
    }

    [Fact]
    public void SaveOnnx_LanguageModelWithState_ReadsNoEndOfRowByItself()
    {
        RecurrentModel model = ExportedModels.Create("language", new NetworkSpec { HiddenSizes = [6] });
        using var session = new OnnxSession(stream => model.SaveOnnx(stream, s_withState));

        // The end of a row is token 1; the model itself reads it before a text.
        Dictionary<string, Array> begun = session.Run(OnnxSession.Input("tokens", [1L], 1, 1));
        Dictionary<string, Array> found = session.Run(OnnxSession.Input("tokens", [3L, 4], 1, 2),
            OnnxSession.Input("initial_h_l0", (float[])begun["final_h_l0"], 1, 1, 6),
                OnnxSession.Input("initial_c_l0", (float[])begun["final_c_l0"], 1, 1, 6));

        Near.Equal(model.Predict((int[])[3, 4]), (float[])found["probabilities"]);
    }

    [Fact]
    public void SaveOnnx_WithStateOfOneThatReadsBackwards_SaysWhatIsExpected()
    {
        RecurrentModel both = ExportedModels.Create("scalar", new NetworkSpec { InputSize = 1, HiddenSizes = [4], Bidirectional = true });
        RecurrentModel whole = ExportedModels.Create("scalar", new NetworkSpec { InputSize = 1, HiddenSizes = [4] },
            window: new WindowTransform { Normalization = WindowNormalization.LastValue, TargetFeatures = [0] });

        Assert.Contains("Bidirectional is true; expected false",
            Assert.Throws<InvalidOperationException>(() => both.SaveOnnx(Stream.Null, s_withState)).Message, StringComparison.Ordinal);
        Assert.Contains("Normalization is LastValue; expected None",
            Assert.Throws<InvalidOperationException>(() => whole.SaveOnnx(Stream.Null, s_withState)).Message, StringComparison.Ordinal);
    }

    private static float[] Steps(float[] values, Range steps) =>
        [.. Enumerable.Range(0, 2).SelectMany(sequence =>
            values.Skip(sequence * 18).Take(18).ToArray()[(steps.Start.Value * 2)..(steps.End.Value * 2)])];
}
