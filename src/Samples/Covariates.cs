using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Lstm;

namespace Samples;

/// <summary>
/// Daily sales of many shops, made up so that each kind of covariate is needed: a week's visits to the web page are bought a week later (known of the past), promotions are planned (known of the future),
/// and how much a promotion sells depends on the region (the same in all rows of a shop). Forecasts shops that were not trained on, so that the region cannot be read off the shop's name.
/// </summary>
internal sealed class Covariates : ISample
{
    private const int Week = 7, Days = 300, Tested = 6;
    private static readonly float[] s_effects = [0.1f, 0.4f, 1];

    public string Name => "covariates";

    public string Description => "Forecast shops not seen in training with past, future and static covariates, and without each of them.";

    public bool Run(SampleContext context)
    {
        var ml = new MLContext(seed: 1);
        int shops = context.Quick ? 6 : 30;
        Day[][] all = [.. Enumerable.Range(0, shops + Tested).Select(Shop)];
        IDataView trained = ml.Data.LoadFromEnumerable(all[..shops].SelectMany(days => days)), tested = ml.Data.LoadFromEnumerable(all[shops..].SelectMany(days => days));

        double whole = Error("all three", _ => { }), persistence = double.NaN;
        double past = Error("without visits (past)", o => o.PastCovariateColumnNames = []);
        double future = Error("without promotions (future)", o => o.FutureCovariateColumnNames = []);
        double still = Error("without the region (static)", o => o.StaticCovariateColumnNames = []);
        Console.WriteLine(FormattableString.Invariant($"{"the same day a week before",-30} mean absolute error {persistence:F2}; what cannot be known makes about 2"));
        return context.Quick || Math.Min(past, Math.Min(future, still)) > 1.2 * whole;

        double Error(string what, Action<LstmForecaster.Options> change)
        {
            var options = new LstmForecaster.Options
            {
                InputColumnNames = ["Sales"],
                GroupColumnName = "Shop",
                PastCovariateColumnNames = ["Visits"],
                FutureCovariateColumnNames = ["Promotion"],
                StaticCovariateColumnNames = ["Region"],
                WindowSize = 2 * Week,
                Horizon = Week,
                SegmentLength = 1,
                SeasonLength = Week,
                NumberOfEpochs = context.Quick ? 1 : 20,
                Schedule = LearningRateSchedule.Cosine(0.004f),
                CancellationToken = context.Cancellation,
            };
            change(options);
            LstmForecastingTransformer model = ml.Forecasting.ForecastByLstm(options).Fit(trained);
            ForecastMetrics metrics = ml.Forecasting.EvaluateForecast(model.Transform(tested), "Sales", groupColumnName: "Shop", seasonLength: Week);
            persistence = metrics.Baselines["SeasonalNaive"].MeanAbsoluteError;
            Console.WriteLine(FormattableString.Invariant($"{what,-30} mean absolute error {metrics.Errors.MeanAbsoluteError:F2}"));
            return metrics.Errors.MeanAbsoluteError;
        }
    }

    private static Day[] Shop(int shop)
    {
        var random = new Random(shop);
        int region = shop % s_effects.Length;
        float[] visits = [.. Enumerable.Range(0, Days).Select(_ => (float)(random.NextDouble() + random.NextDouble() - 1))];
        float level = 80 + (40 * random.NextSingle());
        return [.. Enumerable.Range(0, Days).Select(day =>
        {
            float promotion = random.Next(4) == 0 ? 1 : 0, noise = 5 * (random.NextSingle() + random.NextSingle() - 1);
            float bought = day < Week ? 0 : 40 * visits[day - Week], season = 10 * MathF.Sin(2 * MathF.PI * day / Week);
            return new Day
            {
                Shop = FormattableString.Invariant($"shop {shop}"),
                Sales = level + season + bought + (80 * s_effects[region] * promotion) + noise,
                Visits = visits[day],
                Promotion = promotion,
                Region = [.. s_effects.Select((_, r) => r == region ? 1f : 0f)],
            };
        })];
    }

    private sealed class Day
    {
        public string Shop { get; set; } = "";

        public float Sales { get; set; }

        public float Visits { get; set; }

        public float Promotion { get; set; }

        [VectorType(3)]
        public float[] Region { get; set; } = [];
    }
}
