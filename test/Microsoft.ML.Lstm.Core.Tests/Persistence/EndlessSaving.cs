using Microsoft.ML.Lstm.Core.Tests.Models;
using Microsoft.ML.Lstm.Network;
using Microsoft.ML.Lstm.Persistence;

namespace Microsoft.ML.Lstm.Core.Tests.Persistence;

/// <summary>Two models and two files of weights, each pair saved in turns under one name until somebody kills the process.</summary>
internal static class EndlessSaving
{
    private static readonly NetworkSpec[] s_specs =
    [
        new NetworkSpec { InputSize = 2, HiddenSizes = [150], OutputSize = 1 },
        new NetworkSpec { Cell = CellKind.Gru, InputSize = 2, HiddenSizes = [170], OutputSize = 1 },
    ];

    /// <summary>What a model's file holds at any time: one of these, whole.</summary>
    public static byte[][] Models { get; } = [.. s_specs.Select(spec => Bytes(TestModel.Regression(spec).Save))];

    /// <summary>What a file of weights holds at any time.</summary>
    public static byte[][] Weights { get; } = [.. s_specs.Select(spec => Bytes(TestModel.File(spec).Write))];

    /// <summary>Saves for ever; says so after each round.</summary>
    public static void RunAsChild(string folder)
    {
        RecurrentModel[] models = [.. s_specs.Select(spec => TestModel.Regression(spec))];
        ModelFile[] weights = [.. s_specs.Select(spec => TestModel.File(spec))];
        for (int i = 0; ; i = 1 - i)
        {
            models[i].Save(Path.Combine(folder, "model"));
            weights[i].Save(Path.Combine(folder, "weights"));
            Console.WriteLine("saved");
        }
    }

    private static byte[] Bytes(Action<Stream> save)
    {
        var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }
}
