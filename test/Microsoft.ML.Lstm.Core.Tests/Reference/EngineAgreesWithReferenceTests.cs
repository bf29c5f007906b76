using Microsoft.ML.Lstm.Core.Tests.Training;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Core.Tests.Reference;

/// <summary>The managed engine with its dropout, in floats, against the reference network, whose gradients central differences vouch for.</summary>
public class EngineAgreesWithReferenceTests
{
    public static TheoryData<string> Names => [.. NetworkCases.All.Concat(NetworkCases.Wide).Concat(NetworkCases.Long).Select(c => c.Name)];

    // The others are the conformance suite's.
    public static TheoryData<string> LongNames => [.. NetworkCases.Long.Select(c => c.Name)];

    public static TheoryData<string> LargeNames => NetworkCases.LargeNames;

    [Theory]
    [MemberData(nameof(LongNames))]
    public void Predict_LongBatch_AgreesWithTheReference(string name)
    {
        NetworkCase example = NetworkCases.Named(name);
        SequenceBatch batch = example.Batch();
        ReferenceResult expected = example.Network().Run(batch);
        using ManagedEngine engine = example.Engine();

        var outputs = new float[expected.Outputs.Length];
        engine.Predict(batch, outputs);
        engine.ResetState();
        LossSum loss = engine.Evaluate(batch);

        Agreement.AssertClose(expected.Outputs, outputs, 0, "outputs");
        Agreement.AssertClose([expected.Loss.Sum, expected.Loss.Weight], [(float)loss.Sum, (float)loss.Weight], 0, "loss");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MeanGradient_AnyNetwork_AgreesWithTheReference(string name)
    {
        NetworkCase example = NetworkCases.Named(name);
        ReferenceNetwork network = example.Network();
        SequenceBatch first = example.Batch(), second = example.Batch(variant: 1);
        using ManagedEngine engine = example.Engine();

        ReferenceResult expected = network.Run(first, example.EngineMasks(first));
        Agreement.AssertAgree(expected, first, engine, "first batch");
        // Again, with buffers that hold the first batch's values; and from its final states where they are carried.
        ReferenceState[][]? carried = example.CarriesState() ? expected.FinalStates : null;
        Agreement.AssertAgree(network.Run(second, example.EngineMasks(second), carried), second, engine, "second batch");
    }

    [Theory]
    [MemberData(nameof(LargeNames))]
    public void MeanGradient_OneThreadAndThree_GivesTheSameBits(string name)
    {
        NetworkCase example = NetworkCases.Named(name);
        Assert.Equal(Gradients(1), Gradients(3));

        float[] Gradients(int threads)
        {
            using ManagedEngine engine = example.Engine(threads);
            var gradients = new float[engine.Parameters.BlockLength];
            engine.MeanGradient(example.Batch(), gradients);
            return gradients;
        }
    }

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    public void MeanGradient_CarriedState_LearnedInitialStateHasNone(string cell)
    {
        NetworkCase found = NetworkCases.All.First(c =>
            !c.Spec.Bidirectional && c.Lengths.Length > 2 && c.Name.StartsWith(cell + " ", StringComparison.Ordinal));
        NetworkCase example = found with { Spec = found.Spec with { LearnedInitialState = true }, Dropout = false, CarriedState = true };
        ReferenceNetwork network = example.Network();
        SequenceBatch first = example.Batch(), second = example.Batch(variant: 1);
        using ManagedEngine engine = example.Engine();

        ReferenceResult expected = network.Run(first);
        Agreement.AssertAgree(expected, first, engine, "from the learned state");
        Agreement.AssertAgree(network.Run(second, null, expected.FinalStates), second, engine, "from the carried state");
        engine.ResetState();
        Agreement.AssertAgree(network.Run(second), second, engine, "after a reset");
    }

    [Fact]
    public void MeanGradient_FrozenEmbedding_HasNone()
    {
        foreach (NetworkCase example in NetworkCases.All.Where(c =>
            c.Spec is { VocabularySize: > 0, TiedEmbeddings: false } && !c.Dropout && !c.CarriedState))
        {
            SequenceBatch batch = example.Batch();
            ReferenceResult expected = example.Network().Run(batch);
            using var engine = new ManagedEngine(example.Spec, Plain.Engine with { Loss = example.Loss, FreezeEmbedding = true, Threads = 2 });
            engine.ImportWeights(example.EngineWeights());
            ParameterSlice embedding = engine.Parameters["embedding.weight"];
            expected.Gradients.AsSpan(embedding.Offset, embedding.Length).Clear();

            Agreement.AssertAgree(expected, batch, engine, example.Name);
        }
    }

    [Fact]
    public void MeanGradient_BatchInWhichNothingCounts_IsZero()
    {
        foreach (NetworkCase example in NetworkCases.All.Where(c => c.Lengths.Length > 2))
        {
            SequenceBatch batch = example.Batch();
            batch.Weights.Clear();
            using ManagedEngine engine = example.Engine();
            var gradients = new float[engine.Parameters.BlockLength];
            gradients.AsSpan().Fill(float.NaN);

            engine.MeanGradient(batch, gradients);

            Assert.All(gradients, g => Assert.Equal(0, g));
            Assert.Equal(0, engine.Evaluate(batch).Weight);
        }
    }
}
