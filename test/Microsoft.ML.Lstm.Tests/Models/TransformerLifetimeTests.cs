using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm.Core.Tests.Models;
using Microsoft.ML.Lstm.Tests.Forecasting;

namespace Microsoft.ML.Lstm.Tests.Models;

/// <summary>A service loads models anew, and its threads live on, those of ML.NET's cursors among them.</summary>
public sealed class TransformerLifetimeTests(ForecastSessionTests.Models models) : IClassFixture<ForecastSessionTests.Models>
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Transform_OnThreadsThatLiveOn_ModelIsCollected(int cursors) => Assert.True(Lifetime.IsCollected(() => Transform(cursors)));

    [Fact]
    public void CreatePredictionEngine_Undisposed_ModelIsCollected() => Assert.True(Lifetime.IsCollected(PredictOne));

    [Fact]
    public void ForecastModel_ForecastOnThreadThatLivesOn_IsCollected() => Assert.True(Lifetime.IsCollected(Forecast));

    [Fact]
    public void ForecastingTransformer_TransformOnThreadThatLivesOn_IsCollected() => Assert.True(Lifetime.IsCollected(TransformSeries));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Transform(int cursors)
    {
        var ml = new MLContext(1);
        RecurrentTransformer model = Load(ml);
        IDataView scored = model.Transform(Rows(ml));
        foreach (DataViewRowCursor cursor in scored.GetRowCursorSet(scored.Schema, cursors))
        {
            using (cursor)
            {
                ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
                VBuffer<float> value = default;
                while (cursor.MoveNext())
                    getter(ref value);
            }
        }
        return new WeakReference(model.Model);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference PredictOne()
    {
        var ml = new MLContext(1);
        RecurrentTransformer model = Load(ml);
        ml.Model.CreatePredictionEngine<Row, Output>(model, Rows(ml).Schema).Predict(new Row());
        return new WeakReference(model.Model);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Forecast()
    {
        ForecastModel model = LoadForecaster();
        model.Forecast([1, 2, 3], "a", new DateTime(2020, 1, 3));
        return new WeakReference(model);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference TransformSeries()
    {
        var ml = new MLContext(1);
        using var stream = new MemoryStream();
        models.ML.Model.Save(models.Plain, null, stream);
        stream.Position = 0;
        ITransformer model = ml.Model.Load(stream, out _);
        Assert.NotEmpty(model.Transform(ml.Data.LoadFromEnumerable(models.Data)).GetColumn<float[]>("Forecast").ToArray());
        return new WeakReference(model);
    }

    private ForecastModel LoadForecaster()
    {
        string path = Path.Combine(models.Folder, "lifetime.safetensors");
        models.Plain.Model.Save(path);
        return ForecastModel.Load(path);
    }

    private static RecurrentTransformer Load(MLContext ml) =>
        (RecurrentTransformer)((IEnumerable<ITransformer>)ml.Model.Load(SavedScores.Model("regressor"), out _)).Last();

    private static IDataView Rows(MLContext ml) => ml.Data.LoadFromEnumerable(Enumerable.Range(0, 2000).Select(_ => new Row()));

    public sealed class Row
    {
        [VectorType(5, 2)]
        public float[] Window { get; set; } = [50, 0, 55, 1, 59, 2, 60, 3, 59, 4];
    }

    public sealed class Output
    {
        public float[] Score { get; set; } = [];
    }
}
