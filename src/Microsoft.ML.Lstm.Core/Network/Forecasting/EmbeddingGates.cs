using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Threading;

namespace Microsoft.ML.Lstm.Network.Forecasting;

/// <summary>
/// What the embeddings add to the gates of the decoder's first layer. Its input is a sum of rows of E and of v (<see cref="DecoderInput"/>), hence
/// <code>
///   u[p,m]·W_ihᵀ = G[m] + G[M + k(p)] + v[p,m]·W_ihᵀ                               G = E·W_ihᵀ   [M + K, columns]
///   dG[m] = Σ_p d[p,m]    dG[M + k] = Σ_m d[p,m], of all p of series k             dE = dG·W_ih    dW_ih += dGᵀ·E
/// </code>
/// so that M + K rows are multiplied instead of B·M. The bias's gradient is the layer's to add.
/// </summary>
internal sealed unsafe class EmbeddingGates(DecoderInput input, LayerWeights weights, int segments, WorkerTeam team)
{
    private readonly FloatBuffer _gates = new(), _dGates = new(), _dEmbeddings = new();

    /// <summary>∂loss/∂E after <see cref="Backward"/>, laid out as E.</summary>
    public float* DEmbeddings => _dEmbeddings.Pointer;

    private int Rows => input.EmbeddingCount;

    public void Forward()
    {
        _gates.Reserve((long)Rows * weights.Blocks.Columns);
        team.Run(new ForwardJob(this), Work);
    }

    /// <summary>A segment's part of the gates, [columns].</summary>
    public float* Position(int segment) => _gates.Pointer + ((nint)segment * weights.Blocks.Columns);

    /// <summary>Adds a sequence's series' part to <paramref name="gates"/>.</summary>
    public void AddSeries(int sequence, float* gates)
    {
        if (input.HasSeries)
            RowMath.Add(_gates.Pointer + ((nint)input.SeriesRow(sequence) * weights.Blocks.Columns), gates, weights.Blocks.Columns);
    }

    public void BeginBackward()
    {
        _dGates.Reserve((long)Rows * weights.GateRows);
        new Span<float>(_dGates.Pointer, Rows * weights.GateRows).Clear();
    }

    /// <summary>Takes up the gates' gradients of some sequences, [sequences·M, gate rows].</summary>
    public void AddPositions(float* d, int sequences) =>
        team.Run(new PositionJob(this, d, sequences), (long)sequences * segments * weights.GateRows);

    /// <summary>From what has been taken up and the sums of every sequence's gradients over its segments, [B, gate rows].</summary>
    public void Backward(float* sums, int sequences, float* gradients)
    {
        for (int p = 0; p < sequences && input.HasSeries; p++)
            RowMath.Add(sums + ((nint)p * weights.GateRows), _dGates.Pointer + ((nint)input.SeriesRow(p) * weights.GateRows), weights.GateRows);
        _dEmbeddings.Reserve(Rows * input.Row);
        team.Run(new EmbeddingGradientJob(this), Work);
        team.Run(new WeightGradientJob(this, gradients), Work);
    }

    // Multiply-adds over the width of a vector: the product's time in moved floats.
    private long Work => (long)Rows * weights.InputSize * weights.GateRows / 16;

    private readonly struct ForwardJob(EmbeddingGates gates) : IParallelJob
    {
        public void Run(int part, int parts) => gates.Multiply(part, parts);
    }

    private readonly struct PositionJob(EmbeddingGates gates, float* d, int sequences) : IParallelJob
    {
        public void Run(int part, int parts) => gates.SumPositions(d, sequences, part, parts);
    }

    private readonly struct EmbeddingGradientJob(EmbeddingGates gates) : IParallelJob
    {
        public void Run(int part, int parts) => gates.MultiplyBack(part, parts);
    }

    private readonly struct WeightGradientJob(EmbeddingGates gates, float* gradients) : IParallelJob
    {
        public void Run(int part, int parts) => gates.AddWeightGradients(gradients, part, parts);
    }

    private void Multiply(int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(weights.Blocks.PanelCount, part, parts);
        // Of each row the columns that are its own; the rest is zero.
        Gemm.Panels(start, end, ..input.PositionSize, segments, input.Embeddings, input.Row, weights.Input,
            Position(0), weights.Blocks.Columns, accumulate: false);
        if (!input.HasSeries)
            return;
        float* series = input.Embeddings + (segments * input.Row) + input.PositionSize;
        Gemm.Panels(start, end, input.PositionSize.., Rows - segments, series, input.Row, weights.Input,
            Position(segments), weights.Blocks.Columns, accumulate: false);
    }

    /// <summary>By columns: every worker walks all sequences in order, so that each sum has one order.</summary>
    private void SumPositions(float* d, int sequences, int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(weights.GateRows, part, parts, 16);
        for (int m = 0; m < segments; m++)
        {
            nint at = ((nint)m * weights.GateRows) + start;
            RowMath.AddColumnSums(d + at, (nint)segments * weights.GateRows, sequences, _dGates.Pointer + at, end - start);
        }
    }

    private void MultiplyBack(int part, int parts)
    {
        (int start, int end) = WorkerTeam.Share(Gemm.Panels(weights.InputSize), part, parts);
        Gemm.Panels(start, end, weights.InputSize, Rows, _dGates.Pointer, weights.GateRows, weights.InputBackPanels, weights.GateRows,
            DEmbeddings, input.Row, accumulate: false);
    }

    private void AddWeightGradients(float* gradients, int part, int parts) =>
        weights.AddInputGradients(_dGates.Pointer, Rows, input.Embeddings, input.Row, gradients, part, parts);
}
