namespace Microsoft.ML.Lstm.Tests.Forecasting;

/// <summary>What forecasts rest on: attribution of one, permutation importance over many.</summary>
public sealed class ForecastExplanationTests(ForecastExplanationTests.Trained trained) : IClassFixture<ForecastExplanationTests.Trained>
{
    private ForecastModel Model => trained.Forecaster.Model;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(null)]
    public void Explain_ByIntegratedGradients_ContributionsAddUpToTheForecast(int? step)
    {
        (ForecastSession session, ForecastRow[] future) = trained.Session(Model);
        IReadOnlyList<float> values = session.Forecast(future).Values;

        ForecastExplanation explanation = Model.Explain(session, future, step, points: 200);

        Assert.Equal(step is { } one ? values[one - 1] : values.Average(), explanation.Forecast, 1e-3);
        Assert.Equal(explanation.Forecast, explanation.Level + explanation.Base + explanation.Contributions.Sum(c => c.Value) + explanation.Remainder, 1e-6);
        double size = explanation.Contributions.Sum(c => Math.Abs(c.Value));
        Assert.True(Math.Abs(explanation.Remainder) < 0.005 * size, $"{explanation.Remainder} is left of {size}");
        Assert.True(size > 1, $"{size}");
    }

    [Fact]
    public void Explain_MorePoints_LeavesLessOver()
    {
        (ForecastSession session, ForecastRow[] future) = trained.Session(Model);

        double few = Math.Abs(Model.Explain(session, future, points: 2).Remainder), many = Math.Abs(Model.Explain(session, future, points: 256).Remainder);

        Assert.True(many <= few, $"{many} of 256 points, {few} of 2");
    }

    [Fact]
    public void Explain_ByInputTimesGradient_IsTheSlopeOfCentralDifferences()
    {
        (ForecastSession session, ForecastRow[] future) = trained.Session(Model);
        ForecastExplanation explanation = Model.Explain(session, future, step: 2, method: AttributionMethod.InputTimesGradient);

        // Covariates are scaled: an input times its slope is (x − mean) times the slope along x.
        double mean = trained.Rows.Average(row => row.Known);
        for (int h = 0; h < 4; h++)
        {
            double slope = (Forecast(h, +0.02f) - Forecast(h, -0.02f)) / 0.04;
            double expected = (future[h].FutureCovariates[0] - mean) * slope;
            double found = explanation.Contributions.Single(c => c.Kind == ForecastInputKind.FutureCovariate && c.Row == h + 1).Value;
            Assert.True(Math.Abs(expected - found) < 0.02 + (0.02 * Math.Abs(expected)), $"{found} in row {h + 1}; expected {expected}");
        }

        double Forecast(int row, float change)
        {
            ForecastRow[] changed = [.. future.Select((one, h) => h == row ? one with { FutureCovariates = [one.FutureCovariates[0] + change] } : one)];
            return session.Forecast(changed).Values[1];
        }
    }

    [Fact]
    public void Explain_PastRow_IsTheSlopeOfCentralDifferences()
    {
        (ForecastSession session, ForecastRow[] future) = trained.Session(Model);
        ForecastExplanation explanation = Model.Explain(session, future, step: 3, method: AttributionMethod.InputTimesGradient);
        (int row, double level) = (-5, explanation.Level);
        double value = trained.Rows[trained.Rows.Length - 4 - 1 + row].Value;

        double slope = (Forecast(+0.05f) - Forecast(-0.05f)) / 0.1;

        double found = explanation.Contributions.Single(c => c.Kind == ForecastInputKind.Target && c.Row == row).Value;
        Assert.Equal((value - level) * slope, found, 0.02 + (0.02 * Math.Abs(found)));

        double Forecast(float change) => trained.Session(Model, row, change).Session.Forecast(future).Values[2];
    }

    [Fact]
    public void PermutationFeatureImportance_CovariateThatDecides_IsFirstAndNoiseIsNothing()
    {
        IReadOnlyList<ForecastImportance> importance = trained.ML.Forecasting.PermutationFeatureImportance(trained.Forecaster, trained.Data, numberOfWindows: 100);

        Assert.Equal((ForecastInputKind.FutureCovariate, 1, 4), (importance[0].Kind, importance[0].FirstRow, importance[0].LastRow));
        Assert.True(importance[0].ErrorIncrease > 0.3, $"{importance[0]}");
        Assert.All(importance.Where(one => one.Input == "Noise"), one => Assert.True(one.ErrorIncrease < importance[0].ErrorIncrease / 4, $"{one}"));
        IDataView rows = importance.ToDataView(trained.ML);
        Assert.Equal(importance.Select(one => one.ErrorIncrease), Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<double>(rows, "ErrorIncrease"));
    }

    [Fact]
    public void PermutationFeatureImportance_TooFewRows_SaysHowMany()
    {
        IDataView data = trained.ML.Data.LoadFromEnumerable(trained.Rows[..16]);

        var error = Assert.Throws<InvalidOperationException>(() => trained.ML.Forecasting.PermutationFeatureImportance(trained.Forecaster, data));

        Assert.Contains("expected at least 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 64, "step is 0; expected 1 to 4")]
    [InlineData(5, 64, "step is 5; expected 1 to 4")]
    [InlineData(1, 0, "points is 0; expected 1 to 4096")]
    public void Explain_ArgumentOutOfItsRange_IsNamed(int step, int points, string expected)
    {
        (ForecastSession session, ForecastRow[] future) = trained.Session(Model);

        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Model.Explain(session, future, step, points: points));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    public sealed class Row
    {
        public float Value { get; set; }

        public float Known { get; set; }

        public float Noise { get; set; }
    }

    /// <summary>A forecaster of a series that a known covariate decides.</summary>
    public sealed class Trained
    {
        public Trained()
        {
            var random = new Random(1);
            Rows = [.. Enumerable.Range(0, 300).Select(i =>
            {
                float known = random.Next(3);
                return new Row { Known = known, Noise = random.NextSingle(), Value = (10 * known) + random.NextSingle() + (3 * (float)Math.Sin(i * Math.PI / 3)) };
            })];
            Data = ML.Data.LoadFromEnumerable(Rows);
            Forecaster = ML.Forecasting.ForecastByLstm(new LstmForecaster.Options
            {
                InputColumnNames = ["Value"], FutureCovariateColumnNames = ["Known"], PastCovariateColumnNames = ["Noise"], WindowSize = 12, Horizon = 4, SegmentLength = 2, SeasonLength = 6,
                HiddenSizes = [16], NumberOfEpochs = 40, LearningRate = 0.01f, Seed = 1,
            }).Fit(Data);
        }

        public MLContext ML { get; } = new(seed: 1);

        public Row[] Rows { get; }

        public IDataView Data { get; }

        public LstmForecastingTransformer Forecaster { get; }

        /// <summary>All rows but the last four, which are the future; one of them can be changed.</summary>
        public (ForecastSession Session, ForecastRow[] Future) Session(ForecastModel model, int row = 1, float change = 0)
        {
            ForecastSession session = model.CreateSession();
            int known = Rows.Length - 4;
            for (int i = 0; i < known; i++)
                session.Append(new ForecastRow { Targets = [Rows[i].Value + (i == known - 1 + row ? change : 0)], PastCovariates = [Rows[i].Noise], FutureCovariates = [Rows[i].Known] });
            return (session, [.. Rows[known..].Select(one => new ForecastRow { FutureCovariates = [one.Known] })]);
        }
    }
}
