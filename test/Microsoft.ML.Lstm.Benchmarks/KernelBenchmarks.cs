using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.ML.Lstm.Kernels;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Benchmarks;

/// <summary>
/// The kernels of one LSTM step at a given width, each on its own. 25 rows is a worker's half of a batch of 50. A product of M·K·N
/// multiply-adds takes 2·M·K·N / (GFLOP/s) nanoseconds at best.
/// </summary>
[MemoryDiagnoser]
public unsafe class KernelBenchmarks
{
    private const int Rows = 25, Depth = 1000;
    private readonly FloatBuffer _x = new(), _panels = new(), _gates = new(), _state = new(), _weights = new();
    private GateBlocks _blocks;

    /// <summary>H.</summary>
    [Params(32, 100, 650)]
    public int Units { get; set; }

    public static void Run() => BenchmarkRunner.Run<KernelBenchmarks>(
        ManualConfig.Create(DefaultConfig.Instance).AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));

    [GlobalSetup]
    public void SetUp()
    {
        _blocks = new GateBlocks(Units, slots: 4);
        _x.Reserve(Depth * Gemm.Stride(Units));
        _panels.Reserve(_blocks.Columns * Units);
        _gates.Reserve(Depth * _blocks.Columns);
        _state.Reserve(6 * Rows * Gemm.Stride(Units));
        _weights.Reserve(4 * Units * Units);
        foreach (FloatBuffer buffer in (FloatBuffer[])[_x, _panels, _gates, _state])
            for (int i = 0; i < buffer.Length; i++)
                buffer.Pointer[i] = MathF.Sin(i * 0.37f) * 0.1f;
    }

    /// <summary>h·W_hhᵀ: M = 25, K = H, N = 4H.</summary>
    [Benchmark]
    public void RecurrentProduct() =>
        Gemm.Panels(0, _blocks.PanelCount, _blocks.Columns, Rows, _x.Pointer, Gemm.Stride(Units), _panels.Pointer, Units, _gates.Pointer, _blocks.Columns, accumulate: false);

    /// <summary>The weight gradient of 1,000 rows: M = 4H, K = 1,000, N = H.</summary>
    [Benchmark]
    public void WeightGradient() =>
        Gemm.AddTransposed(0, 4 * Units, Units, Depth, _gates.Pointer, _blocks.Columns, _x.Pointer, Gemm.Stride(Units), _weights.Pointer, Units);

    /// <summary>The pointwise part of a step of 25 rows: five nonlinearities a unit.</summary>
    [Benchmark]
    public void LstmForward()
    {
        nint stride = Gemm.Stride(Units), size = Rows * stride;
        for (int block = 0; block < _blocks.Count; block++)
            CellKernels.Forward(CellKind.Lstm, new CellTile
            {
                Rows = Rows,
                Width = _blocks.Width(block),
                Gates = _gates.Pointer + (_blocks.FirstPanel(block) * Gemm.PanelWidth),
                GatesRow = _blocks.Columns,
                Bias = _panels.Pointer,
                PreviousH = _state.Pointer + (block * _blocks.BlockUnits),
                H = _state.Pointer + size + (block * _blocks.BlockUnits),
                HRow = stride,
                PreviousC = _state.Pointer + (2 * size) + (block * _blocks.BlockUnits),
                C = _state.Pointer + (3 * size) + (block * _blocks.BlockUnits),
                CRow = stride,
            });
    }

    /// <summary>Softmax with its loss over H outputs.</summary>
    [Benchmark]
    public double SoftmaxCrossEntropy() => SoftmaxLoss.CrossEntropy(_state.Pointer, Units, 1, smoothing: 0, scale: 1, gradient: true);
}
