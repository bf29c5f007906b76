using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Sequences;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network;

/// <summary>
/// x[row] = (embedding of the row's token | the row's values), [N, E + F]. Embeddings are gathered, and their gradients scattered, row by
/// row in order; no one-hot matrix exists. Embedding dropout drops whole token types, one draw per type and step.
/// </summary>
internal sealed unsafe class InputLayer
{
    private readonly NetworkSpec _spec;
    private readonly int _embeddingOffset;
    private readonly WorkerTeam _team;
    private readonly RowTransfer _transfer;
    private readonly FloatBuffer _output = new();
    private SequenceBatch _batch = null!;
    private DropoutPlan _dropout;

    public InputLayer(NetworkWeights weights, WorkerTeam team, RowTransfer transfer)
    {
        (_spec, _team, _transfer) = (weights.Spec, team, transfer);
        _embeddingOffset = _spec.VocabularySize > 0 ? weights.Layout["embedding.weight"].Offset : 0;
        OutputRow = Gemm.Stride(_spec.StepSize);
    }

    public float* Output => _output.Pointer;

    public nint OutputRow { get; }

    public void Forward(SequenceBatch batch, float* block, in DropoutPlan dropout)
    {
        Check(_spec, batch);
        _batch = batch;
        _dropout = dropout;
        _output.Reserve(batch.RowCount * OutputRow);
        _team.Run(new GatherJob(this, block), batch.RowCount * OutputRow);
        _transfer.Drop(dropout.Input, Output, OutputRow, batch.RowCount, _spec.StepSize);
    }

    /// <summary>Adds the embedding's gradient, from ∂loss/∂x, which is overwritten.</summary>
    public void Backward(float* dOutput, nint dOutputRow, float* gradients)
    {
        _transfer.Drop(_dropout.Input, dOutput, dOutputRow, _batch.RowCount, _spec.StepSize);
        _team.Run(new ScatterJob(this, dOutput, dOutputRow, gradients), (long)_batch.RowCount * _spec.EmbeddingSize);
    }

    /// <summary>Refuses a batch of other inputs than the network's.</summary>
    /// <exception cref="ArgumentException">Says what the batch has and what was expected.</exception>
    internal static void Check(NetworkSpec spec, SequenceBatch batch)
    {
        if (batch.FeatureSize != spec.InputSize)
            throw new ArgumentException(Invariant($"The batch has {Plural.Of(batch.FeatureSize, "value")} per step; expected {spec.InputSize}, the network's {nameof(NetworkSpec.InputSize)}."));
        if (batch.HasTokens != spec.VocabularySize > 0)
            throw new ArgumentException(batch.HasTokens ? "The batch has tokens; the network has no embedding." : "The batch has no tokens; the network expects them.");
        foreach (int token in batch.Tokens)
            if ((uint)token >= (uint)spec.VocabularySize)
                throw new ArgumentOutOfRangeException(nameof(batch), token, Invariant($"A token is {token}; expected 0 to {spec.VocabularySize - 1}."));
    }

    private void Gather(float* block, int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_batch.RowCount, part, parts);
        Dropout types = _dropout.Embedding;
        ReadOnlySpan<float> features = _batch.Features;
        ReadOnlySpan<int> tokens = _batch.Tokens;
        for (int row = start; row < end; row++)
        {
            var to = new Span<float>(Output + (row * OutputRow), _spec.StepSize);
            if (tokens.Length > 0)
            {
                float scale = types.Factor(tokens[row]);
                var embedding = new ReadOnlySpan<float>(Embedding(block, tokens[row]), _spec.EmbeddingSize);
                embedding.CopyTo(to);
                if (scale != 1)
                    RowMath.Scale(Output + (row * OutputRow), scale, _spec.EmbeddingSize);
            }
            features.Slice(row * _spec.InputSize, _spec.InputSize).CopyTo(to[_spec.EmbeddingSize..]);
        }
    }

    /// <summary>By columns: every worker walks all rows in order, so that a token's sum has one order.</summary>
    private void Scatter(float* dOutput, nint dOutputRow, float* gradients, int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(_spec.EmbeddingSize, part, parts, 8);
        Dropout types = _dropout.Embedding;
        ReadOnlySpan<int> tokens = _batch.Tokens;
        for (int row = 0; row < tokens.Length; row++)
        {
            float* d = dOutput + (row * dOutputRow) + start;
            float scale = types.Factor(tokens[row]);
            if (scale != 1)
                RowMath.Scale(d, scale, end - start);
            RowMath.Add(d, Embedding(gradients, tokens[row]) + start, end - start);
        }
    }

    private float* Embedding(float* block, int token) => block + _embeddingOffset + ((nint)token * _spec.EmbeddingSize);

    private readonly struct GatherJob(InputLayer layer, float* block) : IParallelJob
    {
        public void Run(int part, int parts) => layer.Gather(block, part, parts);
    }

    private readonly struct ScatterJob(InputLayer layer, float* dOutput, nint dOutputRow, float* gradients) : IParallelJob
    {
        public void Run(int part, int parts) => layer.Scatter(dOutput, dOutputRow, gradients, part, parts);
    }
}
