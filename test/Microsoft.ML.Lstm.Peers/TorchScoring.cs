using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Lstm.Peers;

/// <summary>Scores by TorchSharp alone, without gradients.</summary>
internal sealed class TorchScoring(ITorchNetwork network) : ISide
{
    private float[] _scores = [];

    public string Name => "TorchSharp";

    public void Run()
    {
        using var scope = NewDisposeScope();
        using IDisposable mode = inference_mode();
        _scores = network.Forward().to(CPU).data<float>().ToArray();
    }

    public float[] Outputs()
    {
        Run();
        return _scores;
    }

    public void Dispose() => network.Dispose();
}
