using System.Reflection;
using System.Runtime.Loader;

namespace Microsoft.ML.Lstm.PublicApi.Tests;

public sealed class LoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lstm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_ProgramThatTouchedNoTransformer_FindsThem()
    {
        var ml = new MLContext(seed: 1);
        float[] values = [.. Enumerable.Range(0, 60).Select(i => MathF.Sin(i))];
        IDataView data = ml.Data.LoadFromEnumerable(values.Select(v => new Point { Value = v }));
        var model = ml.Transforms.WindowSequence("Window", ["Value"], windowLength: 8, horizon: 2, labelColumnName: "Next")
            .Append(ml.Regression.Trainers.LstmRegressor("Next", "Window", numberOfEpochs: 1)).Fit(data);
        string path = Path.Combine(_folder, "model.zip");
        ml.Model.Save(model, data.Schema, path);
        using var engine = ml.Model.CreatePredictionEngine<Window, Forecast>(model);
        float[] expected = engine.Predict(new Window { Value = values[..8] }).Score;

        // Assemblies of their own, as in a program that has just been started.
        var fresh = new FreshAssemblies(typeof(LoadTests).Assembly.Location);
        Type stranger = fresh.LoadFromAssemblyPath(typeof(LoadTests).Assembly.Location).GetType(typeof(Stranger).FullName!)!;
        float[] scores = (float[])stranger.GetMethod(nameof(Stranger.Score))!.Invoke(null, [path, values[..8]])!;

        Assert.Equal(expected, scores);
        Assert.Contains(fresh.Assemblies, a => a.GetName().Name == "Microsoft.ML.Lstm");
    }

    /// <summary>Knows ML.NET alone.</summary>
    public static class Stranger
    {
        public static float[] Score(string path, float[] window)
        {
            AssemblyLoadContext own = AssemblyLoadContext.GetLoadContext(Assembly.GetExecutingAssembly())!;
            if (own.Assemblies.Any(a => a.GetName().Name == "Microsoft.ML.Lstm"))
                throw new InvalidOperationException("Microsoft.ML.Lstm is loaded already; expected it not to be before Model.Load.");
            var ml = new MLContext();
            using var engine = ml.Model.CreatePredictionEngine<Window, Forecast>(ml.Model.Load(path, out _));
            return engine.Predict(new Window { Value = window }).Score;
        }
    }

    public sealed class Point
    {
        public float Value { get; set; }
    }

    public sealed class Window
    {
        public float[] Value { get; set; } = [];
    }

    public sealed class Forecast
    {
        public float[] Score { get; set; } = [];
    }

    private sealed class FreshAssemblies(string main) : AssemblyLoadContext("fresh")
    {
        private readonly AssemblyDependencyResolver _resolver = new(main);

        protected override Assembly? Load(AssemblyName name) => _resolver.ResolveAssemblyToPath(name) is { } path ? LoadFromAssemblyPath(path) : null;
    }
}
