using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Lstm.PublicApi.Tests.MLNet;

public sealed class ChainTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void EstimatorsAreFittedInOrderOnWhatTheOthersTransformed()
    {
        var log = new List<string>();
        IDataView data = _ml.Data.LoadFromEnumerable(Reading.Many(3));
        TransformerChain<Passing> model = new Recording("first", log)
            .Append(new Recording("second", log).WithOnFitDelegate(_ => log.Add("told of second")))
            .Append(new Recording("third", log))
            .Fit(data);

        Assert.Equal(
            ["shape first", "shape second", "shape third", "fit first", "transform first", "fit second", "told of second",
                "transform second", "fit third", "transform third"],
            log);
        Assert.Equal("third", model.LastTransformer.Name);
        Assert.Equal(["first", "second", "third"], model.Cast<Passing>().Select(t => t.Name));
    }

    [Fact]
    public void ATransformerCountsOnlyWithinItsScope()
    {
        var log = new List<string>();
        var chain = new TransformerChain<Passing>()
            .Append(new Passing("train", log), TransformerScope.Training)
            .Append(new Passing("score", log), TransformerScope.Scoring);
        chain.Transform(_ml.Data.LoadFromEnumerable(Reading.Many(1)));
        Assert.Equal(["transform score"], log);
        Assert.Equal("train", Assert.IsType<Passing>(Assert.Single(chain.GetModelFor(TransformerScope.Training))).Name);
        Assert.Equal(2, chain.Count());
    }

    [Fact]
    public void ACacheCheckpointSparesTheLaterEstimatorsTheSource()
    {
        int made = 0;
        IDataView data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(i =>
        {
            made++;
            return new Reading { Value = i };
        }));
        new Recording("first", []).AppendCacheCheckpoint(_ml).Append(new Recording("reading", []) { Reads = 3 }).Fit(data);
        Assert.Equal(4, made);
        new Recording("first", []).Append(new Recording("reading", []) { Reads = 3 }).Fit(data);
        Assert.Equal(16, made);
        Assert.Throws<InvalidOperationException>(() => new EstimatorChain<ITransformer>().AppendCacheCheckpoint(_ml));
    }

    [Fact]
    public void MessagesReachTheLogOfTheContext()
    {
        var messages = new List<LoggingEventArgs>();
        _ml.Log += (_, e) => messages.Add(e);
        IHost host = ((IHostEnvironment)_ml).Register("Trainer");
        using (IChannel channel = host.Start("Training"))
        {
            channel.Info(MessageSensitivity.None, "epoch {0} of {1}", 1, 2);
            channel.Warning(MessageSensitivity.None, "literal {braces}");
        }
        LoggingEventArgs info = messages.Single(m => m.Kind == ChannelMessageKind.Info);
        Assert.Equal("epoch 1 of 2", info.RawMessage);
        Assert.Equal("Trainer; Training", info.Source);
        Assert.Equal("[Source=Trainer; Training, Kind=Info] epoch 1 of 2", info.Message);
        Assert.Equal("literal {braces}", messages.Single(m => m.Kind == ChannelMessageKind.Warning).RawMessage);
        Assert.Equal("Channel started", messages[0].RawMessage);
        Assert.Equal("Channel disposed", messages[^1].RawMessage);
    }

    [Fact]
    public void HostsDrawTheSameNumbersFromTheSameSeed()
    {
        static int Draw(int seed) => ((IHostEnvironment)new MLContext(seed)).Register("a").Rand.Next();
        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
    }

    [Fact]
    public void ProgressTakesMetricsAndUnits()
    {
        using IProgressChannel progress = ((IHostEnvironment)_ml).StartProgressChannel("Training");
        var header = new ProgressHeader(["loss"], ["epochs"]);
        progress.SetHeader(header, entry => entry.SetProgress(0, 1, 10));
        progress.Checkpoint(0.5, 1);
        Assert.Equal(["loss"], header.MetricNames);
        Assert.Equal(["epochs"], header.UnitNames);
    }

    private sealed class Passing(string name, List<string> log) : ITransformer
    {
        public string Name => name;

        public bool IsRowToRowMapper => false;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inputSchema;

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException("Rows only pass through.");

        public IDataView Transform(IDataView input)
        {
            log.Add($"transform {name}");
            return input;
        }

        public void Save(ModelSaveContext ctx) => throw new NotSupportedException("Public API cannot save a transformer.");
    }

    private sealed class Recording(string name, List<string> log) : IEstimator<Passing>
    {
        public int Reads { get; init; }

        public Passing Fit(IDataView input)
        {
            log.Add($"fit {name}");
            for (int i = 0; i < Reads; i++)
                Assert.Equal(4, input.GetColumn<float>("Value").Count());
            return new Passing(name, log);
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            log.Add($"shape {name}");
            Assert.Contains(inputSchema, c => c.Name == "Grid" && c.Kind == SchemaShape.Column.VectorKind.Vector);
            return inputSchema;
        }
    }
}
