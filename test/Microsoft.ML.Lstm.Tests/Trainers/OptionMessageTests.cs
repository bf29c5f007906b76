using System.Globalization;
using System.Reflection;
using Microsoft.ML.Lstm.Training;

namespace Microsoft.ML.Lstm.Tests.Trainers;

/// <summary>What refuses an option says the same under every culture.</summary>
public class OptionMessageTests
{
    private static readonly object[] s_badValues =
    [
        -0.5f, float.NaN, -1234.5f, 1e30f, -0.5, double.NaN, 1e300, -1234567, int.MinValue, int.MaxValue, -1L, "", (CellKind)99, (ValidationPart)99,
        new RegularizationSpec { LayerDropout = -0.5f }, new RegularizationSpec { RecurrentDropout = 1.5f }, new OptimizerSpec { Beta1 = -0.5f },
        new OptimizerSpec { Momentum = 1234.5f }, new InitializationSpec { EmbeddingStandardDeviation = -0.5f }, LearningRateSchedule.Constant(0.5f) with { LearningRate = -0.5f },
        new LossSpec { Kind = LossKind.Quantile, Quantiles = [-0.5f] }, new LossSpec { HuberDelta = -0.5f }, new LossSpec { LabelSmoothing = 1234.5f }, (IReadOnlyList<int>)[-1234567],
    ];

    public static TheoryData<string> Cultures => ["ar-SA", "fa-IR", "de-DE", "sv-SE"];

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Messages_OfEveryOption_AreThoseOfTheInvariantCulture(string culture)
    {
        string[] invariant = Messages(CultureInfo.InvariantCulture), other = Messages(CultureInfo.GetCultureInfo(culture));

        Assert.Equal(invariant, other);
        Assert.True(invariant.Length > 150, $"{invariant.Length} messages were provoked.");
    }

    [Theory]
    [MemberData(nameof(Cultures))]
    public void Cultures_AreThere(string culture) => Assert.NotEqual((-1234.5).ToString(CultureInfo.InvariantCulture), (-1234.5).ToString(CultureInfo.GetCultureInfo(culture)));

    private static string[] Messages(CultureInfo culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return [.. Trainers().SelectMany(trainer => Messages(trainer.Options, trainer.Create))];
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static IEnumerable<(Type Options, Action<object> Create)> Trainers()
    {
        var ml = new MLContext(1);
        return
        [
            (typeof(LstmRegressor.Options), o => ml.Regression.Trainers.LstmRegressor((LstmRegressor.Options)o)),
            (typeof(LstmClassifier.Options), o => ml.MulticlassClassification.Trainers.LstmClassifier((LstmClassifier.Options)o)),
            (typeof(LstmBinaryClassifier.Options), o => ml.BinaryClassification.Trainers.LstmBinaryClassifier((LstmBinaryClassifier.Options)o)),
            (typeof(LstmTagger.Options), o => ml.MulticlassClassification.Trainers.LstmTagger((LstmTagger.Options)o)),
            (typeof(LstmLanguageModel.Options), o => ml.Transforms.Text.LstmLanguageModel((LstmLanguageModel.Options)o)),
        ];
    }

    private static IEnumerable<string> Messages(Type options, Action<object> create)
    {
        foreach (PropertyInfo property in options.GetProperties().Where(p => p.SetMethod is { IsPublic: true }).OrderBy(p => p.Name, StringComparer.Ordinal))
            foreach (object bad in s_badValues.Where(value => property.PropertyType.IsInstanceOfType(value) || Nullable.GetUnderlyingType(property.PropertyType) == value.GetType()))
            {
                object spoiled = Activator.CreateInstance(options)!;
                property.SetValue(spoiled, bad);
                string? message = null;
                try
                {
                    create(spoiled);
                }
                catch (ArgumentException refused)
                {
                    message = $"{property.Name}: {refused.Message}";
                }
                if (message is not null)
                    yield return message;
            }
    }
}
