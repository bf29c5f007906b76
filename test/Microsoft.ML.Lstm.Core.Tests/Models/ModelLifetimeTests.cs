using System.Runtime.CompilerServices;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

/// <summary>A service loads models anew, and its threads live on.</summary>
public class ModelLifetimeTests
{
    [Fact]
    public void Predict_OnThreadThatLivesOn_ModelIsCollected() => Assert.True(Lifetime.IsCollected(Predict));

    [Fact]
    public void PredictBatch_OnThreadThatLivesOn_ModelIsCollected() => Assert.True(Lifetime.IsCollected(PredictBatch));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Predict()
    {
        RecurrentModel model = Model();
        model.Predict([1f, 2]);
        return new WeakReference(model);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference PredictBatch()
    {
        RecurrentModel model = Model();
        model.PredictBatch([.. Enumerable.Range(0, 200).Select(_ => (float[])[3, 4, 5, 6])]);
        return new WeakReference(model);
    }

    private static RecurrentModel Model() => TestModel.Regression(new NetworkSpec { InputSize = 2, HiddenSizes = [4], OutputSize = 1 });
}
