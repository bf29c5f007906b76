using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML.Lstm.Forecasting;
using Microsoft.ML.Lstm.Network;

namespace Microsoft.ML.Lstm.Reporting;

/// <summary>What the model is, and what it was made and reported by.</summary>
internal static class SettingsSection
{
    public static ReportSection Of(ForecastModel model)
    {
        ForecastSettings settings = model.Settings;
        ForecastInput input = model.Input;
        (string Name, string Value)[] rows =
        [
            ("targets", string.Join(", ", input.Targets)),
            ("past covariates", Names(input.Past)),
            ("future covariates", Names(input.Future)),
            ("static covariates", Names(input.Static)),
            ("group", input.Group ?? "none"),
            ("time", settings.Step is { } step ? Invariant($"{input.Time}, {step} a row") : "none"),
            ("calendar", Invariant($"{settings.Calendar}")),
            ("window, horizon, segment", Invariant($"{settings.WindowLength}, {settings.Horizon}, {settings.SegmentLength} rows")),
            ("season", settings.SeasonLength > 1 ? Invariant($"{settings.SeasonLength} rows") : "none"),
            ("missing values", Invariant($"{settings.MissingValues}")),
            ("scaled by", settings.ScalesByWindow ? "each window's standard deviation"
                : settings.SpreadShare > 0 ? Invariant($"a unit of each series, change^{1 - settings.SpreadShare:G3} · spread^{settings.SpreadShare:G3}")
                : "a unit of each series"),
            ("network", Invariant($"{model.Spec.Cell} of {string.Join(", ", model.Spec.HiddenSizes)}, {Plural.Of(model.MemberCount, "member")}")),
            ("series' own linear forecasts", model.NetworkShare < 1 ? Invariant($"{100 * (1 - model.NetworkShare):F0} % of the forecast") : "none"),
            ("loss", Invariant($"{model.Loss.Kind}")),
            ("interval", model.Calibration is { } calibration ? Invariant($"{100 * calibration.Level:G4} %{(calibration.WindowCount is { } windows ? Invariant($", calibrated on {Plural.Of(windows, "held-out window")}") : "")}") : "none"),
            ("fingerprint", model.Fingerprint),
        ];
        return Of(rows);
    }

    public static ReportSection Of(RecurrentModel model)
    {
        NetworkSpec spec = model.Spec;
        (string Name, string Value)[] rows =
        [
            ("task", Invariant($"{model.Task}")),
            ("sequence", model.TokenColumnName is { } tokens ? Invariant($"{model.FeatureColumnName}, with tokens of {tokens}")
                : model.FeatureColumnName),
            ("steps", model.StepCount is { } steps ? Invariant($"{steps}") : "vary"),
            ("vocabulary", spec.VocabularySize > 0 ? Invariant($"{spec.VocabularySize} tokens, embeddings of {spec.EmbeddingSize}")
                : "none"),
            ("network", Invariant($"{(spec.Bidirectional ? "bidirectional " : "")}{spec.Cell} of {string.Join(", ", spec.HiddenSizes)}")),
            ("outputs", Invariant($"{spec.OutputSize}{(spec.Output == OutputPosition.EveryStep ? " at every step" : "")}")),
            ("features", model.FeatureScaling is null ? "as they are" : "scaled inside the model"),
            ("targets", model.TargetScaling is null ? "as they are" : "scaled inside the model"),
            ("windows normalised by", Invariant($"{model.Normalization}")),
            ("loss", Invariant($"{model.Loss.Kind}")),
        ];
        return Of(rows);
    }

    private static ReportSection Of((string Name, string Value)[] rows)
    {
        (string Name, string Value)[] versions =
        [
            ("Microsoft.ML.Lstm", VersionOf(typeof(LstmForecaster))), ("Microsoft.ML", VersionOf(typeof(MLContext))),
            ("runtime", RuntimeInformation.FrameworkDescription),
        ];
        return new ReportSection("Settings and versions")
            .Table("Settings", ["setting", "value"], rows.Concat(versions).Select(row => (IReadOnlyList<string>)[row.Name, row.Value]));
    }

    private static string Names(IReadOnlyList<Covariate> covariates) => covariates.Count == 0 ? "none" : string.Join(", ", covariates.Select(covariate => covariate.Name));

    private static string VersionOf(Type type) => type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
