using Microsoft.ML.Lstm.Network;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Lstm.Onnx.Tests.Recurrent;

/// <summary>ONNX Runtime scores as the model itself does, 100 random sequences of each kind.</summary>
public sealed class SaveOnnxTests
{
    private const int Sequences = 100, Steps = 5, Features = 2;

    public static IEnumerable<object[]> Networks =>
        from cell in (string[])["lstm", "lstm-norm", "gru", "rnn-tanh", "rnn-relu"]
        from bidirectional in (bool[])[false, true]
        from layers in (int[])[1, 2, 3]
        from head in ExportedModels.Heads
        where !(bidirectional && head == "language")
        select new object[] { cell, bidirectional, layers, head };

    [Theory, MemberData(nameof(Networks))]
    public void SaveOnnx_EveryNetwork_ScoresAsTheModel(string cell, bool bidirectional, int layers, string head)
    {
        RecurrentModel model = ExportedModels.Create(head, Spec(cell, bidirectional, layers));
        using var session = new OnnxSession(model.SaveOnnx);

        Compare(model, session, [.. Enumerable.Repeat(Steps, Sequences)], hasLengths: false);
    }

    public static IEnumerable<object[]> NetworksOfTwoLayers => Networks.Where(network => network[2] is 2);

    [Theory, MemberData(nameof(NetworksOfTwoLayers))]
    public void SaveOnnx_VariableLengths_ScoresAsTheModel(string cell, bool bidirectional, int layers, string head)
    {
        RecurrentModel model = ExportedModels.Create(head, Spec(cell, bidirectional, layers) with { LearnedInitialState = true });
        using var session = new OnnxSession(stream => model.SaveOnnx(stream, new OnnxOptions { VariableLengths = true }));

        Compare(model, session, [.. Enumerable.Range(0, Sequences).Select(i => 1 + (i % 7))], hasLengths: true);
    }

    private static NetworkSpec Spec(string cell, bool bidirectional, int layers) => new()
    {
        Cell = cell switch { "gru" => CellKind.Gru, "rnn-tanh" => CellKind.RnnTanh, "rnn-relu" => CellKind.RnnRelu, _ => CellKind.Lstm },
        LayerNormalization = cell == "lstm-norm",
        InputSize = Features,
        HiddenSizes = [.. Enumerable.Range(0, layers).Select(layer => 4 + layer)],
        Bidirectional = bidirectional,
    };

    /// <summary>All sequences as one batch in ONNX Runtime, one by one by the model.</summary>
    private static void Compare(RecurrentModel model, OnnxSession session, int[] lengths, bool hasLengths)
    {
        int longest = lengths.Max(), features = model.Spec.InputSize;
        var random = new Random(3);
        float[] numbers = [.. Enumerable.Range(0, lengths.Length * longest * features).Select(_ => (random.NextSingle() * 6) - 3)];
        long[] tokens = [.. Enumerable.Range(0, model.Spec.VocabularySize == 0 ? 0 : lengths.Length * longest).Select(_ =>
            random.NextInt64(model.Spec.VocabularySize))];
        List<NamedOnnxValue> inputs = [];
        if (features > 0)
            inputs.Add(OnnxSession.Input("features", numbers, lengths.Length, longest, features));
        if (tokens.Length > 0)
            inputs.Add(OnnxSession.Input("tokens", tokens, lengths.Length, longest));
        if (hasLengths)
            inputs.Add(OnnxSession.Input("sequence_lens", lengths, lengths.Length));
        Dictionary<string, Array> found = session.Run([.. inputs]);
        for (int i = 0; i < lengths.Length; i++)
        {
            float[] own = features == 0 ? [] : numbers[(i * longest * features)..((i * longest * features) + (lengths[i] * features))];
            int[] ownTokens = tokens.Length == 0 ? []
                : [.. tokens[(i * longest)..((i * longest) + lengths[i])].Select(token => (int)token)];
            CompareOne(model, own, ownTokens, found, i, lengths.Length);
        }
    }

    private static void CompareOne(RecurrentModel model, float[] features, int[] tokens, Dictionary<string, Array> found, int i, int count)
    {
        float[] expected = model.Predict(features, tokens);
        float[] scores = (float[])found[model.Task switch { ModelTask.Regression => "score", ModelTask.BinaryClassification =>
            "probability", _ => "probabilities" }];
        Near.Equal(expected, scores.AsSpan(i * (scores.Length / count), expected.Length));
        switch (model.Task)
        {
            case ModelTask.MulticlassClassification:
                Assert.Equal(model.PredictClass(features, tokens), ((string[])found["label"])[i]);
                break;
            case ModelTask.BinaryClassification:
                Assert.Equal(model.PredictClass(features, tokens), ((bool[])found["label"])[i].ToString());
                break;
            case ModelTask.Tagging:
                string?[] tags = model.PredictTags(features, tokens);
                string[] labels = (string[])found["label"];
                Assert.Equal(tags, labels.Skip(i * (labels.Length / count)).Take(tags.Length));
                break;
            case ModelTask.LanguageModel:
                int best = Array.IndexOf(expected, expected.Max());
                Assert.Equal(best, ((long[])found["class"])[i]);
                Assert.Equal(model.OutputNames[best], ((string[])found["label"])[i]);
                break;
        }
    }
}
