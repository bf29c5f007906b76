using System.Runtime.CompilerServices;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Core.Tests.Models;

public class ModelLifetimeTests
{
    /// <summary>A service loads models anew, and its threads live on.</summary>
    [Fact]
    public void Predict_OnThreadsThatLiveOn_ModelIsCollectedWhenNobodyHasIt()
    {
        WeakReference<RecurrentModel>? model = null;
        using var used = new ManualResetEventSlim();
        using var end = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            model = Use();
            used.Set();
            end.Wait();
        });
        thread.Start();
        used.Wait();

        for (int i = 0; i < 10 && model!.TryGetTarget(out _); i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(model!.TryGetTarget(out _));
        end.Set();
        thread.Join();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference<RecurrentModel> Use()
    {
        RecurrentModel model = TestModel.Regression(new NetworkSpec { InputSize = 2, HiddenSizes = [4], OutputSize = 1 });
        model.Predict([1, 2]);
        model.PredictBatch([[1, 2], [3, 4, 5, 6]]);
        return new WeakReference<RecurrentModel>(model);
    }
}
